// Runs the kernels of src/main/cuda on a CPU: the other half of device.cuh, under -DEMULATED.
//
// The threads of a block are fibers on one OS thread. A fiber runs until it meets the others: at a
// barrier, at an operation of the whole warp, or at its end. What such a meeting needs of a GPU is
// checked (all lanes of the warp at the same kind of operation, nobody gone while others wait at a
// barrier), and the order of the threads between two meetings is a setting, for the results must
// not depend on it.
#pragma once

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <vector>

#include "emulator_launch.hpp"

// Elsewhere, or with EMULATOR_UCONTEXT, the fibers are those of ucontext.h: right, but slow.
#if defined(__x86_64__) && !defined(EMULATOR_UCONTEXT)
#define EMULATOR_SWITCH
#endif

namespace emulator {

// ---- the running block -----------------------------------------------------------------------

enum class Meeting : u32 { BARRIER, EXIT, SHUFFLE_XOR, SHUFFLE, ANY, MMA, LOAD, LOAD_TURNED };

struct Warp;
struct Runner;

struct Copy {
  void* to;
  const void* from;  // null: zeros
  u64 group;
  size_t bytes;
};

struct Product;  // of four warps: warpgroup_emulated.hpp

// A thread of the block.
struct Lane {
  void* stack_pointer = nullptr;
  int thread = 0;
  int index = 0;  // in its warp
  Warp* warp = nullptr;
  Runner* runner = nullptr;
  std::vector<Copy> copies;  // asynchronous ones not done yet, from `copies_done`
  size_t copies_done = 0;
  u64 group = 0;  // the number of groups committed
  std::vector<Product> products;  // begun and not done yet
  u64 product_group = 0;
#ifndef EMULATOR_SWITCH
  void* context = nullptr;
#endif
};

enum class State { READY, AT_BARRIER, DONE };

struct alignas(64) Warp {
  Lane* order[32];  // in which the lanes run until their next meeting
  int size;
  int arrived;
  Meeting meeting;
  State state;
  // What the lanes bring to a meeting. Others read the numbers below after it, when some lane may
  // be at the next meeting already: so there are two sets, used in turn.
  int turn;
  bool any[2];
  u64 exchanged[2][32];
  // These only their own lane reads after the meeting.
  const unsigned char* rows[32];
  alignas(64) u32 loaded[4][32];
  alignas(64) double a[16][16];
  alignas(64) double b[16][8];
  alignas(64) float d[16][8];
};

// In the static block: otherwise each use in a shared library is a call. __thread and not
// thread_local, whose uses ask each time whether it is initialised.
#define EMULATOR_LOCAL \
  extern __thread __attribute__((visibility("hidden"), tls_model("initial-exec")))
EMULATOR_LOCAL Lane* current;
EMULATOR_LOCAL int block[3];
EMULATOR_LOCAL unsigned char* shared;
#undef EMULATOR_LOCAL

// Runs the other lanes, or warps, until all are at this meeting.
void meet(Meeting meeting);
void start_copy(void* to, const void* from, bool present, size_t bytes = 16);
void wait_for_copies(u64 newest);
void check_row(const void* row);

inline double widen(u32 upper_half) {
  float x;
  memcpy(&x, &upper_half, 4);
  return x;
}

}  // namespace emulator

// ---- what device.cuh promises ------------------------------------------------------------------

#define DEVICE inline __attribute__((always_inline))
#define UNROLL

#define KERNEL(THREADS, NAME, PARAMETERS) EMULATOR_KERNEL(THREADS, NAME, PARAMETERS)
#define CROWDED_KERNEL(THREADS, BLOCKS, NAME, PARAMETERS) \
  EMULATOR_KERNEL(THREADS, NAME, PARAMETERS)
#define EMULATOR_KERNEL(THREADS, NAME, PARAMETERS)                                             \
  static void NAME PARAMETERS;                                                                 \
  static const emulator::Registration NAME##_registered(#NAME, THREADS, &NAME);                \
  static void NAME PARAMETERS

DEVICE int thread() { return emulator::current->thread; }
DEVICE int block_x() { return emulator::block[0]; }
DEVICE int block_y() { return emulator::block[1]; }
DEVICE int block_z() { return emulator::block[2]; }
DEVICE unsigned char* shared_memory() { return emulator::shared; }
DEVICE void barrier() { emulator::meet(emulator::Meeting::BARRIER); }

template <typename T>
DEVICE T emulator_exchange(T value, int source, emulator::Meeting meeting) {
  static_assert(sizeof(T) == 4 || sizeof(T) == 8, "shuffles take numbers of 4 or 8 bytes");
  emulator::Warp& warp = *emulator::current->warp;
  auto& exchanged = warp.exchanged[warp.turn];
  memcpy(&exchanged[emulator::current->index], &value, sizeof value);
  emulator::meet(meeting);
  memcpy(&value, &exchanged[source & 31], sizeof value);
  return value;
}

template <typename T>
DEVICE T shuffle_xor(T value, int mask) {
  return emulator_exchange(value, emulator::current->index ^ mask, emulator::Meeting::SHUFFLE_XOR);
}

template <typename T>
DEVICE T shuffle(T value, int lane) {
  return emulator_exchange(value, lane, emulator::Meeting::SHUFFLE);
}

DEVICE bool any_in_warp(bool says) {
  emulator::Warp& warp = *emulator::current->warp;
  bool& any = warp.any[warp.turn];
  any |= says;
  emulator::meet(emulator::Meeting::ANY);
  return any;
}

// The 16 products of an element are exact and are added in float64, in the order of k; then d is
// added and the sum is rounded once. (A tensor core truncates in between: its last bits differ.)
DEVICE void mma_bf16(float (&d)[4], const u32 (&a)[4], u32 b0, u32 b1) {
  emulator::Warp& warp = *emulator::current->warp;
  const int g = emulator::current->index >> 2;
  const int t = 2 * (emulator::current->index & 3);
  for (int i = 0; i < 4; i++) {
    double* row = warp.a[g + 8 * (i & 1)] + t + 8 * (i >> 1);
    row[0] = emulator::widen(a[i] << 16);
    row[1] = emulator::widen(a[i] & 0xffff0000u);
  }
  warp.b[t][g] = emulator::widen(b0 << 16);
  warp.b[t + 1][g] = emulator::widen(b0 & 0xffff0000u);
  warp.b[t + 8][g] = emulator::widen(b1 << 16);
  warp.b[t + 9][g] = emulator::widen(b1 & 0xffff0000u);
  memcpy(&warp.d[g][t], d, 8);
  memcpy(&warp.d[g + 8][t], d + 2, 8);
  emulator::meet(emulator::Meeting::MMA);
  memcpy(d, &warp.d[g][t], 8);
  memcpy(d + 2, &warp.d[g + 8][t], 8);
}

DEVICE void emulator_load(u32 (&r)[4], const void* row, emulator::Meeting meeting) {
  emulator::check_row(row);
  emulator::Warp& warp = *emulator::current->warp;
  const int lane = emulator::current->index;
  warp.rows[lane] = (const unsigned char*)row;
  emulator::meet(meeting);
  for (int i = 0; i < 4; i++) r[i] = warp.loaded[i][lane];
}

DEVICE void load_matrix_x4(u32 (&r)[4], const void* row) {
  emulator_load(r, row, emulator::Meeting::LOAD);
}

DEVICE void load_matrix_x4_turned(u32 (&r)[4], const void* row) {
  emulator_load(r, row, emulator::Meeting::LOAD_TURNED);
}

DEVICE void copy_async_16(void* shared, const void* global, bool present) {
  emulator::start_copy(shared, global, present);
}

DEVICE void copy_async_4(void* shared, const void* global, bool present) {
  emulator::start_copy(shared, global, present, 4);
}

DEVICE void copy_commit() { emulator::current->group++; }

template <int newest>
DEVICE void copy_wait() {
  emulator::wait_for_copies(newest);
}

// Subnormal numbers are zero on both sides, as .ftz says.
DEVICE float emulator_flush(float x) { return fabsf(x) < 0x1p-126f ? copysignf(0.0f, x) : x; }
DEVICE float exp2_fast(float x) { return emulator_flush(exp2f(emulator_flush(x))); }
DEVICE float log2_fast(float x) { return emulator_flush(log2f(emulator_flush(x))); }

DEVICE u32 emulator_bf16(float x) {
  u32 bits;
  memcpy(&bits, &x, 4);
  if (x != x) return 0x7fffu;
  return (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
}

DEVICE u32 pack_bf16(float low, float high) {
  return emulator_bf16(low) | emulator_bf16(high) << 16;
}

DEVICE float bits_to_float(u32 bits) {
  float x;
  memcpy(&x, &bits, 4);
  return x;
}
