// Small kernels that the tests of the fake driver and of the emulator launch; the names start with
// sample_. Some are wrong on purpose.
#include "device.cuh"

KERNEL(128, sample_add, (const float* a, const float* b, float* c, int n)) {
  int i = block_x() * 128 + thread();
  if (i < n) c[i] = a[i] + b[i];
}

KERNEL(64, sample_warp_sum, (const float* x, float* sums)) {
  float sum = x[block_x() * 64 + thread()];
  for (int mask = 16; mask > 0; mask >>= 1) sum += shuffle_xor(sum, mask);
  int low = shuffle(thread(), 5);
  bool any = any_in_warp(thread() % 32 == 7);
  bool none = any_in_warp(false);
  if (thread() % 32 == 0) {
    sums[block_x() * 2 + thread() / 32] = any && !none && low % 32 == 5 ? sum : -1.0f;
  }
}

// d (16, 8) = a (16, 16) · b (16, 8), all row-major, by one warp: a as it lies, b turned.
KERNEL(32, sample_mma, (const bf16* a, const bf16* b, float* d)) {
  bf16* tile_a = (bf16*)shared_memory();
  bf16* tile_b = tile_a + 256;
  int lane = thread();
  copy_async_16(tile_a + 8 * lane, a + 8 * lane, true);
  copy_commit();
  copy_async_16(tile_b + 8 * (lane % 16), b + 8 * (lane % 16), true);
  copy_commit();
  copy_wait<0>();
  barrier();
  u32 left[4], right[4];
  load_matrix_x4(left, tile_a + 16 * (lane % 16) + 8 * (lane / 16));
  load_matrix_x4_turned(right, tile_b + 8 * (lane % 16));
  float sums[4] = {0, 0, 0, 0};
  mma_bf16(sums, left, right[0], right[1]);
  int g = lane >> 2, t = 2 * (lane & 3);
  d[8 * g + t] = sums[0];
  d[8 * g + t + 1] = sums[1];
  d[8 * (g + 8) + t] = sums[2];
  d[8 * (g + 8) + t + 1] = sums[3];
}

// What each lane gets: r[i] of lane l at out[4 l + i], and the turned ones 128 further.
KERNEL(32, sample_load_matrix, (const bf16* rows, u32* out)) {
  bf16* tile = (bf16*)shared_memory();
  for (int i = 0; i < 8; i++) tile[8 * thread() + i] = rows[8 * thread() + i];
  barrier();
  u32 r[4];
  load_matrix_x4(r, tile + 8 * thread());
  for (int i = 0; i < 4; i++) out[4 * thread() + i] = r[i];
  load_matrix_x4_turned(r, tile + 8 * thread());
  for (int i = 0; i < 4; i++) out[128 + 4 * thread() + i] = r[i];
}

// Turns 64 numbers round through shared memory; the barrier is missing where `careless`.
KERNEL(64, sample_turn, (const float* x, float* y, int careless)) {
  float* tile = (float*)shared_memory();
  tile[thread()] = x[thread()];
  if (!careless) barrier();
  y[thread()] = tile[63 - thread()];
}

// Reads what it copied: without a wait where `careless`.
KERNEL(32, sample_copy, (const float* x, float* y, int careless, int present)) {
  float* tile = (float*)shared_memory();
  copy_async_16(tile + 4 * thread(), x + 4 * thread(), present != 0);
  copy_commit();
  if (!careless) copy_wait<0>();
  for (int i = 0; i < 4; i++) y[4 * thread() + i] = tile[4 * thread() + i];
}

// 0: the second warp ends before the barrier; 1: half a warp does; 2: half a warp shuffles; 3: a
// row that is not aligned; 4: a row outside of the shared memory; 5: a copy from `x` wherever it
// is; 6: a write past the end of `x`, of n numbers; 7: a write past the shared memory.
KERNEL(64, sample_wrong, (float* x, int n, int how)) {
  if (how == 0 && thread() >= 32) return;
  if (how == 1 && thread() < 16) return;
  if (how == 2 && thread() < 16) x[0] = shuffle(x[0], 3);
  u32 r[4];
  if (how == 3) load_matrix_x4(r, shared_memory() + 8);
  if (how == 4) load_matrix_x4(r, shared_memory() + 4096);
  if (how == 5) copy_async_16(shared_memory(), x + n, false);
  if (how == 6 && thread() == 0) x[n] = 1.0f;
  if (how == 7 && thread() == 0) ((float*)shared_memory())[n] = 1.0f;
  barrier();
}

struct SampleShape {
  float* to;
  int n;
};

KERNEL(32, sample_shape, (SampleShape shape, double factor)) {
  if (thread() < shape.n) shape.to[thread()] = (float)(factor * block_y() + block_z());
}

KERNEL(256, sample_cost, (float* x, int kind, int n)) {
  float sum = x[thread()];
  u32 a[4] = {0, 0, 0, 0};
  float d[4] = {0, 0, 0, 0};
  bf16* row = (bf16*)shared_memory() + 8 * (thread() % 32);
  for (int i = 0; i < n; i++) {
    if (kind == 0) barrier();
    if (kind == 1) sum = shuffle_xor(sum, 1);
    if (kind == 2) mma_bf16(d, a, a[0], a[1]);
    if (kind == 3) load_matrix_x4(a, row);
    if (kind == 4) load_matrix_x4_turned(a, row);
    if (kind == 5) {
      copy_async_16(row, x, true);
      copy_commit();
      copy_wait<1>();
    }
  }
  x[thread()] = sum + d[0] + (float)a[0];
}
