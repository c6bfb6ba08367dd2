// Launches kernels of src/main/cuda on a CPU; emulator.hpp says how they run.
//
// A C++ program needs no driver: link it with emulator.cpp, guarded_memory.cpp and the .cu files.
//
//   g++ -O2 -std=c++17 -march=x86-64-v3 -ffp-contract=off -DEMULATED -I src/test/cuda
//       -I src/main/cuda -pthread -o /tmp/t t.cpp src/test/cuda/emulator.cpp
//       src/test/cuda/guarded_memory.cpp -x c++ src/main/cuda/optimizer.cu
//
//   float* x = (float*)emulator::reserve(4 * n);           // ends at a guard page; filled with NaN
//   auto failure = emulator::run("scale", {blocks, 1, 1}, 256, shared_bytes, x, n);
//   if (failure) puts(failure.message.c_str());
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <string>
#include <vector>

#include "guarded_memory.hpp"

namespace emulator {

// What is wrong with a launch: the code of the driver API that a GPU would answer with.
struct Failure {
  int code = 0;
  std::string message;
  explicit operator bool() const { return code != 0; }
};

struct Parameter {
  size_t bytes;
  bool pointer;
};

struct Kernel {
  std::string name;
  int threads;
  std::vector<Parameter> parameters;
  void (*call)(const Kernel&, void* const* arguments);
  void (*function)();
};

struct Grid {
  unsigned x, y, z;
};

// FORWARD: threads, warps and blocks in their order; asynchronous copies as late as they may be.
// REVERSE: the last first; asynchronous copies at once. RANDOM: both by lot, and a warp may be set
// aside at any meeting of its lanes.
enum class Order { FORWARD, REVERSE, RANDOM };

struct Settings {
  Order order = Order::FORWARD;
  uint64_t seed = 1;
  int cores = 1;  // OS threads that take the blocks of a launch
};

extern Settings settings;

const Kernel* find(const std::string& name);
std::vector<const Kernel*> all();

// Runs the whole grid. `owner` says whose memory the kernel may read with copy_async_16.
Failure launch(const Kernel& kernel, Grid grid, int threads, size_t shared_bytes,
               void* const* arguments, int owner = 0);
Failure launch(const std::string& name, Grid grid, int threads, size_t shared_bytes,
               void* const* arguments);

// The same with the arguments in place; their sizes must be those of the kernel's parameters.
template <typename... A>
Failure run(const std::string& name, Grid grid, int threads, size_t shared_bytes, A... arguments) {
  const Kernel* kernel = find(name);
  if (kernel == nullptr) return {500, "no kernel " + name};
  size_t sizes[] = {sizeof(A)..., 0};
  if (kernel->parameters.size() != sizeof...(A)) return {1, name + ": number of arguments"};
  for (size_t i = 0; i < sizeof...(A); i++) {
    if (kernel->parameters[i].bytes != sizes[i])
      return {1, name + ": size of argument " + std::to_string(i)};
  }
  void* pointers[] = {(void*)&arguments..., nullptr};
  return launch(*kernel, grid, threads, shared_bytes, pointers);
}

// ---- registration ----------------------------------------------------------------------------

void add(Kernel kernel);

template <typename T>
struct IsPointer {
  static constexpr bool value = false;
};
template <typename T>
struct IsPointer<T*> {
  static constexpr bool value = true;
};

template <size_t... I>
struct Indices {};
template <size_t N, size_t... I>
struct Count : Count<N - 1, N - 1, I...> {};
template <size_t... I>
struct Count<0, I...> {
  typedef Indices<I...> type;
};

template <typename... P, size_t... I>
void spread(void (*function)(P...), void* const* arguments, Indices<I...>) {
  (void)arguments;
  function(*(P*)arguments[I]...);
}

template <typename... P>
void call(const Kernel& kernel, void* const* arguments) {
  spread((void (*)(P...))kernel.function, arguments, typename Count<sizeof...(P)>::type());
}

struct Registration {
  template <typename... P>
  Registration(const char* name, int threads, void (*function)(P...)) {
    std::vector<Parameter> parameters = {Parameter{sizeof(P), IsPointer<P>::value}...};
    add(Kernel{name, threads, parameters, &call<P...>, (void (*)())function});
  }
};

}  // namespace emulator
