// A libcuda.so.1 without a GPU: the part of the driver API that the trainer calls, through JCuda.
// Devices, contexts, modules and memory are here; driver_*.cpp have the rest, driver.hpp tells what
// this driver is like.
#include <string.h>

#include "driver.hpp"

namespace fake {

std::recursive_mutex lock;
std::map<const unsigned char*, Pinned> pinned;

namespace {

bool initialized = false;
std::vector<int> devices;                 // ordinal -> physical number
std::map<int, Context> primary_contexts;  // by ordinal

// As pointers into the map above; what a thread works on.
thread_local std::vector<Context*> current_stack;

Result check_device(int device) {
  if (!initialized) return NOT_INITIALIZED;
  return device >= 0 && device < (int)devices.size() ? SUCCESS : INVALID_DEVICE;
}

void destroy(Context& context) {
  for (auto* stream : context.streams) delete stream;
  for (auto* event : context.events) delete event;
  for (auto* module : context.modules) delete module;
  for (auto* graph : context.graphs) delete graph;
  for (auto* graph : context.executables) delete graph;
  for (auto& allocation : context.allocations) emulator::release((void*)allocation.first);
  context = Context();
}

Result load(void** handle, const void* image, std::string& complaint) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  Result result = not_while_capturing(call.context, "cuModuleLoadData");
  if (result == SUCCESS) result = chance("load");
  if (result != SUCCESS) return result;
  auto* module = new Module();
  result = parse_ptx((const char*)image, *module, complaint);
  note(text("load kernels=%zu result=%d", module->functions.size(), result));
  if (result != SUCCESS) {
    delete module;
    return result;
  }
  call.context->modules.insert(module);
  *handle = module;
  return SUCCESS;
}

struct Named {
  int code;
  const char* name;
  const char* description;
};

const Named ERRORS[] = {
    {0, "CUDA_SUCCESS", "no error"},
    {1, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {2, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {3, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {100, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
    {101, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {200, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
    {201, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
    {209, "CUDA_ERROR_NO_BINARY_FOR_GPU",
     "no kernel image is available for execution on the device"},
    {214, "CUDA_ERROR_ECC_UNCORRECTABLE", "uncorrectable ECC error encountered"},
    {218, "CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"},
    {222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
     "the provided PTX was compiled with an unsupported toolchain."},
    {400, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {401, "CUDA_ERROR_ILLEGAL_STATE",
     "the operation cannot be performed in the present state"},
    {500, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {600, "CUDA_ERROR_NOT_READY", "device not ready"},
    {700, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
    {701, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "too many resources requested for launch"},
    {702, "CUDA_ERROR_LAUNCH_TIMEOUT", "the launch timed out and was terminated"},
    {719, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
    {803, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH",
     "system has unsupported display driver / cuda driver combination"},
    {900, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED",
     "operation not permitted when stream is capturing"},
    {901, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED",
     "operation failed due to a previous error during capture"},
    {903, "CUDA_ERROR_STREAM_CAPTURE_UNMATCHED",
     "capture was not ended in the same stream as it began"},
    {904, "CUDA_ERROR_STREAM_CAPTURE_UNJOINED",
     "capturing stream has unjoined work"},
    {905, "CUDA_ERROR_STREAM_CAPTURE_ISOLATION",
     "dependency created on uncaptured work in another stream"},
    {907, "CUDA_ERROR_CAPTURED_EVENT",
     "operation not permitted on an event last recorded in a capturing stream"},
    {999, "CUDA_ERROR_UNKNOWN", "unknown error"},
};

const Named* named(int code) {
  for (const Named& error : ERRORS) {
    if (error.code == code) return &error;
  }
  return nullptr;
}

}  // namespace

Context* current_context() { return current_stack.empty() ? nullptr : current_stack.back(); }

Call::Call() : hold(lock), context(current_context()), result(SUCCESS) {
  if (!initialized) {
    result = NOT_INITIALIZED;
  } else if (context == nullptr || context->retained == 0) {
    context = nullptr;
    result = INVALID_CONTEXT;
  } else {
    result = context->sticky;
  }
}

}  // namespace fake

using namespace fake;

// ---- the driver and its devices ----------------------------------------------------------------

FAKE_API cuInit(unsigned) {
  std::unique_lock<std::recursive_mutex> hold(lock);
  read_settings();
  if (settings.init != 0) return (Result)settings.init;
  devices = visible_devices();
  initialized = true;
  return SUCCESS;
}

FAKE_API cuDriverGetVersion(int* version) {
  std::unique_lock<std::recursive_mutex> hold(lock);
  if (!initialized) read_settings();
  *version = settings.driver;
  return SUCCESS;
}

FAKE_API cuGetErrorName(int code, const char** name) {
  const Named* error = named(code);
  *name = error == nullptr ? nullptr : error->name;
  return error == nullptr ? INVALID_VALUE : SUCCESS;
}

FAKE_API cuGetErrorString(int code, const char** description) {
  const Named* error = named(code);
  *description = error == nullptr ? nullptr : error->description;
  return error == nullptr ? INVALID_VALUE : SUCCESS;
}

FAKE_API cuDeviceGetCount(int* count) {
  std::unique_lock<std::recursive_mutex> hold(lock);
  if (!initialized) return NOT_INITIALIZED;
  *count = (int)devices.size();
  return SUCCESS;
}

FAKE_API cuDeviceGet(int* device, int ordinal) {
  std::unique_lock<std::recursive_mutex> hold(lock);
  *device = ordinal;
  return check_device(ordinal);
}

FAKE_API cuDeviceGetName(char* name, int length, int device) {
  std::unique_lock<std::recursive_mutex> hold(lock);
  Result result = check_device(device);
  if (result == SUCCESS && length > 0) {
    // Several are told apart by their physical number.
    std::string own = settings.name;
    if (settings.devices > 1) own += " " + std::to_string(devices[device]);
    strncpy(name, own.c_str(), length);
    name[length - 1] = 0;
  }
  return result;
}

// "fake" and the physical number, which the ordinal under CUDA_VISIBLE_DEVICES does not tell.
FAKE_API cuDeviceGetUuid(unsigned char* uuid, int device) {
  std::unique_lock<std::recursive_mutex> hold(lock);
  Result result = check_device(device);
  if (result != SUCCESS) return result;
  memset(uuid, 0, 16);
  memcpy(uuid, "fake", 4);
  uuid[15] = (unsigned char)devices[device];
  return SUCCESS;
}

FAKE_API cuDeviceGetUuid_v2(unsigned char* uuid, int device) {
  return cuDeviceGetUuid(uuid, device);
}

FAKE_API cuDeviceGetPCIBusId(char* id, int length, int device) {
  std::unique_lock<std::recursive_mutex> hold(lock);
  Result result = check_device(device);
  if (result == SUCCESS) {
    snprintf(id, length, "0000:%02X:00.0", 1 + devices[device]);
  }
  return result;
}

FAKE_API cuDeviceTotalMem_v2(size_t* bytes, int device) {
  std::unique_lock<std::recursive_mutex> hold(lock);
  *bytes = settings.memory;
  return check_device(device);
}

FAKE_API cuDeviceComputeCapability(int* major, int* minor, int device) {
  std::unique_lock<std::recursive_mutex> hold(lock);
  *major = settings.major;
  *minor = settings.minor;
  return check_device(device);
}

FAKE_API cuDeviceGetAttribute(int* value, int attribute, int device) {
  std::unique_lock<std::recursive_mutex> hold(lock);
  static const std::map<int, int> fixed = {
      {1, 1024},        // MAX_THREADS_PER_BLOCK
      {2, 1024},        // MAX_BLOCK_DIM_X, Y, Z
      {3, 1024},
      {4, 64},
      {5, 0x7fffffff},  // MAX_GRID_DIM_X, Y, Z
      {6, 65535},
      {7, 65535},
      {8, 48 << 10},    // MAX_SHARED_MEMORY_PER_BLOCK
      {10, 32},         // WARP_SIZE
      {12, 65536},      // MAX_REGISTERS_PER_BLOCK
      {36, 2619000},    // MEMORY_CLOCK_RATE, kHz
      {37, 5120},       // GLOBAL_MEMORY_BUS_WIDTH, bits
      {38, 50 << 20},   // L2_CACHE_SIZE
      {39, 2048},       // MAX_THREADS_PER_MULTIPROCESSOR
      {40, 3},          // ASYNC_ENGINE_COUNT
      {41, 1},          // UNIFIED_ADDRESSING
      {111, 1024},      // RESERVED_SHARED_MEMORY_PER_BLOCK
  };
  Result result = check_device(device);
  if (result != SUCCESS) return result;
  auto at = fixed.find(attribute);
  *value = at == fixed.end() ? 0 : at->second;
  if (attribute == 13) *value = settings.clock_khz;
  if (attribute == 16) *value = settings.sms;
  if (attribute == 33) *value = 1 + devices[device];
  if (attribute == 75) *value = settings.major;
  if (attribute == 76) *value = settings.minor;
  if (attribute == 81) *value = settings.smem_optin + 1024;
  if (attribute == 97) *value = settings.smem_optin;
  return SUCCESS;
}

// ---- contexts ----------------------------------------------------------------------------------

FAKE_API cuDevicePrimaryCtxRetain(void** handle, int device) {
  std::unique_lock<std::recursive_mutex> hold(lock);
  Result result = check_device(device);
  if (result != SUCCESS) return result;
  Context& context = primary_contexts[device];
  if (context.retained == 0) {
    read_settings();
    result = chance("context");
    if (result != SUCCESS) return result;
    context.device = device;
    context.physical = devices[device];
    context.null_stream.context = &context;
    context.null_stream.number = 0;
    context.null_stream.blocking = true;
  }
  context.retained++;
  *handle = &context;
  return SUCCESS;
}

FAKE_API cuDevicePrimaryCtxRelease_v2(int device) {
  std::unique_lock<std::recursive_mutex> hold(lock);
  Result result = check_device(device);
  if (result != SUCCESS) return result;
  auto at = primary_contexts.find(device);
  if (at == primary_contexts.end() || at->second.retained == 0) return INVALID_CONTEXT;
  if (at->second.retained == 1) {
    finish(&at->second);
    note(text("release allocations=%zu bytes=%zu pinned=%zu", at->second.allocations.size(),
              at->second.allocated, pinned.size()));
    destroy(at->second);
  } else {
    at->second.retained--;
  }
  return SUCCESS;
}

FAKE_API cuDevicePrimaryCtxReset_v2(int device) {
  std::unique_lock<std::recursive_mutex> hold(lock);
  Result result = check_device(device);
  if (result == SUCCESS && primary_contexts.count(device) != 0) destroy(primary_contexts[device]);
  return result;
}

FAKE_API cuDevicePrimaryCtxSetFlags_v2(int device, unsigned flags) {
  std::unique_lock<std::recursive_mutex> hold(lock);
  Result result = check_device(device);
  if (result == SUCCESS) primary_contexts[device].flags = flags;
  return result;
}

FAKE_API cuDevicePrimaryCtxGetState(int device, unsigned* flags, int* active) {
  std::unique_lock<std::recursive_mutex> hold(lock);
  Result result = check_device(device);
  if (result != SUCCESS) return result;
  *flags = primary_contexts[device].flags;
  *active = primary_contexts[device].retained > 0;
  return SUCCESS;
}

FAKE_API cuCtxSetCurrent(void* handle) {
  std::unique_lock<std::recursive_mutex> hold(lock);
  if (!current_stack.empty()) current_stack.pop_back();
  if (handle != nullptr) current_stack.push_back((Context*)handle);
  return SUCCESS;
}

FAKE_API cuCtxGetCurrent(void** handle) {
  *handle = current_context();
  return SUCCESS;
}

FAKE_API cuCtxPushCurrent_v2(void* handle) {
  current_stack.push_back((Context*)handle);
  return SUCCESS;
}

FAKE_API cuCtxPopCurrent_v2(void** handle) {
  if (current_stack.empty()) return INVALID_CONTEXT;
  if (handle != nullptr) *handle = current_stack.back();
  current_stack.pop_back();
  return SUCCESS;
}

FAKE_API cuCtxGetDevice(int* device) {
  Call call;
  if (call.context == nullptr) return call.result;
  *device = call.context->device;
  return SUCCESS;
}

FAKE_API cuCtxSynchronize() {
  Call call;
  if (call.result != SUCCESS) return call.result;
  Result result = not_while_capturing(call.context, "cuCtxSynchronize");
  if (result != SUCCESS) return result;
  result = chance("sync");
  if (result != SUCCESS) return call.context->sticky = result;
  return finish(call.context);
}

// ---- modules -----------------------------------------------------------------------------------

FAKE_API cuModuleLoadData(void** module, const void* image) {
  std::string complaint;
  return load(module, image, complaint);
}

// Of the options, the JIT's error log and its size are heard.
FAKE_API cuModuleLoadDataEx(void** module, const void* image, unsigned count, int* options,
                            void** values) {
  std::string complaint;
  Result result = load(module, image, complaint);
  char* log = nullptr;
  void** size = nullptr;
  for (unsigned i = 0; i < count; i++) {
    if (options[i] == 5) log = (char*)values[i];
    if (options[i] == 6) size = &values[i];
  }
  if (log != nullptr && size != nullptr && (unsigned)(size_t)*size > 0) {
    snprintf(log, (unsigned)(size_t)*size, "%s", complaint.c_str());
    *size = (void*)strlen(log);
  }
  return result;
}

FAKE_API cuModuleUnload(void* handle) {
  Call call;
  if (call.context == nullptr) return call.result;
  auto* module = (Module*)handle;
  if (call.context->modules.erase(module) == 0) return INVALID_HANDLE;
  delete module;
  return SUCCESS;
}

FAKE_API cuModuleGetFunction(void** function, void* handle, const char* name) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  auto* module = (Module*)handle;
  if (call.context->modules.count(module) == 0) return INVALID_HANDLE;
  auto at = module->functions.find(name);
  if (at == module->functions.end()) return NOT_FOUND;
  *function = &at->second;
  return SUCCESS;
}

// ---- memory ------------------------------------------------------------------------------------

FAKE_API cuMemGetInfo_v2(size_t* free, size_t* total) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  size_t used = settings.used + call.context->allocated;
  *free = used < settings.memory ? settings.memory - used : 0;
  *total = settings.memory;
  return SUCCESS;
}

FAKE_API cuMemAlloc_v2(Address* address, size_t bytes) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  Context* context = call.context;
  Result result = not_while_capturing(context, "cuMemAlloc");
  if (result != SUCCESS) return result;
  note(text("alloc %zu", bytes));
  if (bytes == 0) return INVALID_VALUE;
  result = chance("alloc");
  if (result != SUCCESS) return result;
  size_t room = (bytes + 511) / 512 * 512;
  size_t used = settings.used + context->allocated;
  if (bytes > settings.memory || used + room > settings.memory) return OUT_OF_MEMORY;
  void* start = emulator::reserve(bytes, context->physical);
  if (start == nullptr) return OUT_OF_MEMORY;
  context->allocated += room;
  context->allocations[(Address)start] = room;
  *address = (Address)start;
  return SUCCESS;
}

FAKE_API cuMemFree_v2(Address address) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  Context* context = call.context;
  if (address == 0) return SUCCESS;
  auto at = context->allocations.find(address);
  if (at == context->allocations.end()) {
    violation("cuMemFree of what is no allocation, or no longer");
    return INVALID_VALUE;
  }
  Result result = not_while_capturing(context, "cuMemFree");
  if (result != SUCCESS) return result;
  note(text("free %zu", at->second));
  result = finish(context);
  context->allocated -= at->second;
  context->allocations.erase(at);
  emulator::release((void*)address);
  return result;
}

FAKE_API cuMemGetAddressRange_v2(Address* base, size_t* bytes, Address address) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  const emulator::Region* region = emulator::region_of((void*)address, 1);
  if (region == nullptr || region->owner != call.context->physical) return INVALID_VALUE;
  if (base != nullptr) *base = (Address)region->start;
  if (bytes != nullptr) *bytes = region->bytes;
  return SUCCESS;
}

// Pinned memory belongs to no device; it stays until it is freed.
FAKE_API cuMemHostAlloc(void** address, size_t bytes, unsigned) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  Result result = not_while_capturing(call.context, "cuMemHostAlloc");
  if (result != SUCCESS) return result;
  note(text("host-alloc %zu", bytes));
  result = chance("host-alloc");
  if (result != SUCCESS) return result;
  void* start = emulator::reserve(bytes, -1);
  if (bytes == 0 || start == nullptr) return bytes == 0 ? INVALID_VALUE : OUT_OF_MEMORY;
  pinned[(const unsigned char*)start] = {bytes, false};
  *address = start;
  return SUCCESS;
}

FAKE_API cuMemAllocHost_v2(void** address, size_t bytes) {
  return cuMemHostAlloc(address, bytes, 0);
}

static Result unpin(void* address, bool registered, const char* name) {
  Call call;
  if (call.context == nullptr) return call.result;
  auto at = pinned.find((const unsigned char*)address);
  if (at == pinned.end() || at->second.registered != registered) {
    violation(text("%s of what is not pinned", name));
    return INVALID_VALUE;
  }
  if (pending_on(call.context, at->first, at->second.bytes))
    violation(text("%s while a copy of it is still to be done", name));
  Result result = finish(call.context);
  pinned.erase(at);
  if (!registered) emulator::release(address);
  return result;
}

FAKE_API cuMemFreeHost(void* address) { return unpin(address, false, "cuMemFreeHost"); }

FAKE_API cuMemHostRegister_v2(void* address, size_t bytes, unsigned) {
  Call call;
  if (call.result != SUCCESS) return call.result;
  pinned[(const unsigned char*)address] = {bytes, true};
  return SUCCESS;
}

FAKE_API cuMemHostUnregister(void* address) {
  return unpin(address, true, "cuMemHostUnregister");
}
