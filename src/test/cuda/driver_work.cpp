// Copies, fills and kernel launches of the fake driver.
#include <string.h>

#include <algorithm>

#include "driver.hpp"

namespace fake {
namespace {

constexpr int DYNAMIC_SHARED_WITHOUT_ASKING = 48 << 10;

bool on_device(Context* context, Address address, size_t bytes) {
  const emulator::Region* region = emulator::region_of((void*)address, bytes);
  return region != nullptr && region->owner == context->physical;
}

bool on_pinned(const void* host, size_t bytes) {
  auto at = pinned.upper_bound((const unsigned char*)host);
  if (at == pinned.begin()) return false;
  --at;
  return (const unsigned char*)host + bytes <= at->first + at->second.bytes;
}

Function* function_of(Context* context, void* handle) {
  for (Module* module : context->modules) {
    for (auto& entry : module->functions) {
      if (&entry.second == handle) return &entry.second;
    }
  }
  return nullptr;
}

Result wrong(const std::string& line) {
  violation(line);
  return INVALID_VALUE;
}

enum class Way { H2D, D2H, D2D };

const char* name_of(Way way) {
  return way == Way::H2D ? "h2d" : way == Way::D2H ? "d2h" : "d2d";
}

Result copy(Way way, Address to, Address from, size_t bytes, bool async, void* handle) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  Context* context = call.context;
  Stream* stream = stream_of(context, handle);
  if (stream == nullptr) return INVALID_HANDLE;
  const char* name = name_of(way);
  note(text("%s %zu stream=%d async=%d graph=%d", name, bytes, stream->number, async,
            stream->capture != nullptr));
  if (bytes == 0) return SUCCESS;
  if (way != Way::H2D && !on_device(context, from, bytes))
    return wrong(text("%s: the source is outside of the device's allocations", name));
  if (way != Way::D2H && !on_device(context, to, bytes))
    return wrong(text("%s: the target is outside of the device's allocations", name));
  const void* host = way == Way::H2D ? (void*)from : way == Way::D2H ? (void*)to : nullptr;
  if (async && host != nullptr && !on_pinned(host, bytes))
    return wrong(text("%s: an asynchronous copy of host memory that is not pinned", name));
  auto run = [name, to, from, bytes] {
    Result result = chance(name);
    if (result == SUCCESS) memmove((void*)to, (void*)from, bytes);
    return result;
  };
  return async ? enqueue(stream, run, host) : at_once(context, name, run);
}

Result fill(Address to, uint32_t value, size_t width, size_t count, bool async, void* handle) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  Context* context = call.context;
  Stream* stream = stream_of(context, handle);
  if (stream == nullptr) return INVALID_HANDLE;
  note(text("memset %zu stream=%d async=%d graph=%d", width * count, stream->number, async,
            stream->capture != nullptr));
  if (count == 0) return SUCCESS;
  if (to % width != 0) return wrong("memset: the target is not aligned");
  if (!on_device(context, to, width * count))
    return wrong("memset: the target is outside of the device's allocations");
  auto run = [to, value, width, count] {
    if (width == 1) memset((void*)to, (int)value, count);
    if (width == 2) std::fill_n((uint16_t*)to, count, (uint16_t)value);
    if (width == 4) std::fill_n((uint32_t*)to, count, value);
    return SUCCESS;
  };
  return async ? enqueue(stream, run) : at_once(context, "memset", run);
}

struct Launch {
  Context* context;
  const emulator::Kernel* kernel;
  emulator::Grid grid;
  int threads;
  size_t shared_bytes;
  std::vector<std::vector<unsigned char>> parameters;
};

// A pointer must be null or point into the device's memory; a graph asks again at each replay.
std::string stray_pointer(const Launch& launch) {
  for (size_t i = 0; i < launch.parameters.size(); i++) {
    if (!launch.kernel->parameters[i].pointer) continue;
    Address address;
    memcpy(&address, launch.parameters[i].data(), sizeof address);
    if (address != 0 && !on_device(launch.context, address, 1)) {
      return text("launch %s: parameter %zu points outside of the device's allocations",
                  launch.kernel->name.c_str(), i);
    }
  }
  return "";
}

Result execute(Launch& launch) {
  Result result = chance("launch");
  if (result != SUCCESS || !settings.execute) return result;
  std::string stray = stray_pointer(launch);
  if (!stray.empty()) {
    violation(stray);
    return ILLEGAL_ADDRESS;
  }
  std::vector<void*> arguments;
  for (auto& parameter : launch.parameters) arguments.push_back(parameter.data());
  arguments.push_back(nullptr);
  emulator::Failure failure =
      emulator::launch(*launch.kernel, launch.grid, launch.threads, launch.shared_bytes,
                       arguments.data(), launch.context->physical);
  if (failure) violation(failure.message);
  return (Result)failure.code;
}

// What the sizes of a launch break, or nothing.
std::string broken_limit(const Function& function, const unsigned (&grid)[3],
                         const unsigned (&block)[3], unsigned shared_bytes) {
  static const unsigned most[3] = {0x7fffffff, 65535, 65535};
  for (int i = 0; i < 3; i++) {
    if (grid[i] < 1 || grid[i] > most[i]) return text("the grid has %u in %c", grid[i], "xyz"[i]);
  }
  if (block[1] != 1 || block[2] != 1) return "the block is not one-dimensional";
  if (block[0] < 1 || block[0] > (unsigned)function.most_threads || block[0] > 1024)
    return text("%u threads, at most %d", block[0], function.most_threads);
  if (function.kernel != nullptr && block[0] != (unsigned)function.kernel->threads)
    return text("%u threads, written for %d", block[0], function.kernel->threads);
  if (shared_bytes > function.dynamic_shared_limit)
    return text("%u bytes of shared memory, allowed are %zu", shared_bytes,
                function.dynamic_shared_limit);
  return "";
}

std::string wrong_parameters(const Function& function) {
  if (function.kernel == nullptr) return settings.execute ? "the emulator has no such kernel" : "";
  auto& emulated = function.kernel->parameters;
  if (function.parameters.size() != emulated.size())
    return text("%zu parameters in the PTX, %zu in C++", function.parameters.size(),
                emulated.size());
  for (size_t i = 0; i < emulated.size(); i++) {
    if (function.parameters[i] != emulated[i].bytes)
      return text("parameter %zu has %zu bytes in the PTX, %zu in C++", i, function.parameters[i],
                  emulated[i].bytes);
  }
  return "";
}

}  // namespace
}  // namespace fake

using namespace fake;

FAKE_API cuLaunchKernel(void* handle, unsigned grid_x, unsigned grid_y, unsigned grid_z,
                        unsigned block_x, unsigned block_y, unsigned block_z,
                        unsigned shared_bytes, void* stream_handle, void** parameters,
                        void** extra) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  Stream* stream = stream_of(call.context, stream_handle);
  const Function* function = function_of(call.context, handle);
  if (stream == nullptr || function == nullptr) return INVALID_HANDLE;
  const char* name = function->name.c_str();
  note(text("launch %s grid=%u,%u,%u block=%u shared=%u stream=%d graph=%d", name, grid_x, grid_y,
            grid_z, block_x, shared_bytes, stream->number, stream->capture != nullptr));

  std::string broken = broken_limit(*function, {grid_x, grid_y, grid_z},
                                    {block_x, block_y, block_z}, shared_bytes);
  if (broken.empty()) broken = wrong_parameters(*function);
  if (broken.empty() && extra != nullptr) broken = "extra is not null";
  if (broken.empty() && parameters == nullptr && !function->parameters.empty())
    broken = "no parameters";
  for (size_t i = 0; broken.empty() && i < function->parameters.size(); i++) {
    if (parameters[i] == nullptr) broken = text("parameter %zu is missing", i);
  }
  if (!broken.empty()) return wrong(text("launch %s: %s", name, broken.c_str()));

  auto launch = std::make_shared<Launch>();
  launch->context = call.context;
  launch->kernel = function->kernel;
  launch->grid = {grid_x, grid_y, grid_z};
  launch->threads = (int)block_x;
  launch->shared_bytes = shared_bytes;
  if (function->kernel != nullptr) {
    for (size_t i = 0; i < function->parameters.size(); i++) {
      auto* from = (unsigned char*)parameters[i];
      launch->parameters.emplace_back(from, from + function->parameters[i]);
    }
    std::string stray = stray_pointer(*launch);
    if (!stray.empty()) return wrong(stray);
  }
  return enqueue(stream, [launch] { return execute(*launch); });
}

FAKE_API cuFuncSetAttribute(void* handle, int attribute, int value) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  Function* function = function_of(call.context, handle);
  if (function == nullptr) return INVALID_HANDLE;
  if (attribute == 8) {
    if (value < 0 || value > settings.smem_optin)
      return wrong(text("%s asks for %d bytes of shared memory, the device has %d",
                        function->name.c_str(), value, settings.smem_optin));
    // Less than 48 KiB may be set, too, but nobody needs to ask for those.
    function->dynamic_shared_limit = std::max(value, DYNAMIC_SHARED_WITHOUT_ASKING);
  }
  return SUCCESS;
}

FAKE_API cuFuncGetAttribute(int* value, int attribute, void* handle) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  Function* function = function_of(call.context, handle);
  if (function == nullptr) return INVALID_HANDLE;
  switch (attribute) {
    case 0:
      *value = function->most_threads;
      break;
    case 4:
      *value = 64;  // registers a thread
      break;
    case 5:
    case 6:
      *value = settings.major * 10 + settings.minor;
      break;
    case 8:
      *value = (int)function->dynamic_shared_limit;
      break;
    default:
      *value = 0;
  }
  return SUCCESS;
}

FAKE_API cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, void*, int threads,
                                                     size_t shared_bytes) {
  size_t by_threads = 2048 / std::max(1, threads);
  size_t by_shared = (size_t)(settings.smem_optin + 1024) / (shared_bytes + 1024);
  *blocks = (int)std::min({by_threads, by_shared, (size_t)32});
  return SUCCESS;
}

// ---- copies and fills --------------------------------------------------------------------------

FAKE_API cuMemcpyHtoD_v2(Address to, const void* from, size_t bytes) {
  return copy(Way::H2D, to, (Address)from, bytes, false, nullptr);
}

FAKE_API cuMemcpyDtoH_v2(void* to, Address from, size_t bytes) {
  return copy(Way::D2H, (Address)to, from, bytes, false, nullptr);
}

// Does not wait on a real device, either.
FAKE_API cuMemcpyDtoD_v2(Address to, Address from, size_t bytes) {
  return copy(Way::D2D, to, from, bytes, true, nullptr);
}

FAKE_API cuMemcpyHtoDAsync_v2(Address to, const void* from, size_t bytes, void* stream) {
  return copy(Way::H2D, to, (Address)from, bytes, true, stream);
}

FAKE_API cuMemcpyDtoHAsync_v2(void* to, Address from, size_t bytes, void* stream) {
  return copy(Way::D2H, (Address)to, from, bytes, true, stream);
}

FAKE_API cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, void* stream) {
  return copy(Way::D2D, to, from, bytes, true, stream);
}

FAKE_API cuMemsetD8_v2(Address to, unsigned char value, size_t count) {
  return fill(to, value, 1, count, true, nullptr);
}

FAKE_API cuMemsetD16_v2(Address to, unsigned short value, size_t count) {
  return fill(to, value, 2, count, true, nullptr);
}

FAKE_API cuMemsetD32_v2(Address to, unsigned value, size_t count) {
  return fill(to, value, 4, count, true, nullptr);
}

FAKE_API cuMemsetD8Async(Address to, unsigned char value, size_t count, void* stream) {
  return fill(to, value, 1, count, true, stream);
}

FAKE_API cuMemsetD16Async(Address to, unsigned short value, size_t count, void* stream) {
  return fill(to, value, 2, count, true, stream);
}

FAKE_API cuMemsetD32Async(Address to, unsigned value, size_t count, void* stream) {
  return fill(to, value, 4, count, true, stream);
}
