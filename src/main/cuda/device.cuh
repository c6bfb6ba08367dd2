// What the kernels use beyond C++: thin inline PTX on a GPU, functions of the emulator on a CPU
// (-DEMULATED, with emulator.hpp on the include path), so that one text is the program for both.
//
// Blocks are one-dimensional: thread() runs through them; a warp is 32 neighbouring threads. All
// shared memory is dynamic, given at the launch.
#pragma once

typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned long long u64;

// A bfloat16: the upper half of a float32. Storage only; arithmetic is in float32.
struct bf16 {
  u16 bits;
};

#ifdef EMULATED
#include "emulator.hpp"
#else

#define DEVICE __device__ __forceinline__
#define UNROLL _Pragma("unroll")
// A kernel and the number of threads in each of its blocks: KERNEL(256, name, (int n)) { ... }
#define KERNEL(THREADS, NAME, PARAMETERS) \
  extern "C" __global__ __launch_bounds__(THREADS) void NAME PARAMETERS
// The same, compiled so that this many blocks fit on a multiprocessor at once.
#define CROWDED_KERNEL(THREADS, BLOCKS, NAME, PARAMETERS) \
  extern "C" __global__ __launch_bounds__(THREADS, BLOCKS) void NAME PARAMETERS

DEVICE int thread() { return threadIdx.x; }
DEVICE int block_x() { return blockIdx.x; }
DEVICE int block_y() { return blockIdx.y; }
DEVICE int block_z() { return blockIdx.z; }

#ifndef SHARED_ALIGNMENT
#define SHARED_ALIGNMENT 128
#endif
// The block's shared memory, aligned; its content is undefined at the start.
DEVICE unsigned char* shared_memory() {
  extern __shared__ __align__(SHARED_ALIGNMENT) unsigned char dynamic_shared[];
  return dynamic_shared;
}

// All threads of the block wait for one another, and see one another's writes after it.
DEVICE void barrier() { __syncthreads(); }

// The value that the lane with another number (own xor mask) has; all 32 lanes call it together.
template <typename T>
DEVICE T shuffle_xor(T value, int mask) {
  return __shfl_xor_sync(0xffffffffu, value, mask);
}

// The value that lane `lane` has; all 32 lanes call it together.
template <typename T>
DEVICE T shuffle(T value, int lane) {
  return __shfl_sync(0xffffffffu, value, lane);
}

// Whether any lane of the warp says so; all 32 lanes call it together.
DEVICE bool any_in_warp(bool says) { return __any_sync(0xffffffffu, says); }

// d (16, 8) += a (16, 16, row-major) · b (16, 8, column-major): PTX mma.m16n8k16 on bfloat16.
// Lane 4g + t holds d[g][2t, 2t+1], d[g+8][2t, 2t+1]; the pairs a[g][2t..], a[g+8][2t..],
// a[g][2t+8..], a[g+8][2t+8..]; and b[2t..][g], b[2t+8..][g]. All 32 lanes call it together.
DEVICE void mma_bf16(float (&d)[4], const u32 (&a)[4], u32 b0, u32 b1) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
      "{%0,%1,%2,%3},{%4,%5,%6,%7},{%8,%9},{%0,%1,%2,%3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

DEVICE u32 shared_address(const void* shared) { return (u32)__cvta_generic_to_shared(shared); }

// Four 8 x 8 matrices of 16-bit numbers from shared memory: lanes 8i..8i+7 name the rows (16 bytes
// each, aligned) of matrix i; lane 4g + t receives elements [g][2t, 2t+1] of each. PTX ldmatrix.
DEVICE void load_matrix_x4(u32 (&r)[4], const void* row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3},[%4];"
               : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
               : "r"(shared_address(row))
               : "memory");
}

// The same with each matrix turned: lane 4g + t receives elements [2t][g], [2t+1][g].
DEVICE void load_matrix_x4_turned(u32 (&r)[4], const void* row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3},[%4];"
               : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
               : "r"(shared_address(row))
               : "memory");
}

// Starts copying 16 aligned bytes from global to shared memory; zeros where not present (`global`
// must then still be an address that may be read).
DEVICE void copy_async_16(void* shared, const void* global, bool present) {
  asm volatile("cp.async.cg.shared.global [%0],[%1],16,%2;" ::"r"(shared_address(shared)),
               "l"(global), "r"(present ? 16 : 0)
               : "memory");
}

// The same for 4 bytes.
DEVICE void copy_async_4(void* shared, const void* global, bool present) {
  asm volatile("cp.async.ca.shared.global [%0],[%1],4,%2;" ::"r"(shared_address(shared)),
               "l"(global), "r"(present ? 4 : 0)
               : "memory");
}

// Closes the group of copies that this thread started since the last commit.
DEVICE void copy_commit() { asm volatile("cp.async.commit_group;" ::: "memory"); }

// Waits until at most `newest` of this thread's groups are still under way; then a barrier makes
// them visible to the block.
template <int newest>
DEVICE void copy_wait() {
  asm volatile("cp.async.wait_group %0;" ::"n"(newest) : "memory");
}

// 2^x and log2(x) by the special function unit; 2^-inf is 0.
DEVICE float exp2_fast(float x) {
  float y;
  asm("ex2.approx.ftz.f32 %0,%1;" : "=f"(y) : "f"(x));
  return y;
}

DEVICE float log2_fast(float x) {
  float y;
  asm("lg2.approx.ftz.f32 %0,%1;" : "=f"(y) : "f"(x));
  return y;
}

// Two floats rounded to nearest even, the first in the lower half.
DEVICE u32 pack_bf16(float low, float high) {
  u32 r;
  asm("cvt.rn.bf16x2.f32 %0,%1,%2;" : "=r"(r) : "f"(high), "f"(low));
  return r;
}

DEVICE float bits_to_float(u32 bits) { return __uint_as_float(bits); }

#endif

DEVICE float to_float(bf16 x) { return bits_to_float((u32)x.bits << 16); }
DEVICE float to_float(float x) { return x; }

DEVICE bf16 to_bf16(float x) {
  bf16 r;
  r.bits = (u16)(pack_bf16(x, 0.0f) & 0xffffu);
  return r;
}

DEVICE void store(bf16* to, float x) { *to = to_bf16(x); }
DEVICE void store(float* to, float x) { *to = x; }
