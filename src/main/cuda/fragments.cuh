// Pieces of matrices in the registers of a warp and in shared memory, as mma_bf16 wants them.
//
// A tile is (rows, C) bfloat16 in shared memory with 8 numbers of padding per row: 16 bytes more
// than a multiple of 128 shift each row to other banks, so that load_matrix_x4 meets no conflict.
#pragma once
#include "device.cuh"

// 16 bytes, moved at once.
struct alignas(16) Sixteen {
  u32 a, b, c, d;
};
struct alignas(16) Four {
  float a, b, c, d;
};
// And 8.
struct alignas(8) Two {
  float a, b;
};

template <int C>
struct Pitch {
  static const int value = C + 8;
};

DEVICE int lane() { return thread() & 31; }
DEVICE int warp() { return thread() >> 5; }
// The row of an 8 x 8 fragment that this lane holds a part of.
DEVICE int group() { return lane() >> 2; }

DEVICE float low(u32 pair) { return bits_to_float(pair << 16); }
DEVICE float high(u32 pair) { return bits_to_float(pair & 0xffff0000u); }

DEVICE int min(int a, int b) { return a < b ? a : b; }

// Exponentials are taken in base 2: e^x = 2^(x · LOG2_E).
static const float LOG2_E = 1.4426950408889634f;
// A score or logit that must have no weight.
static const float FORBIDDEN = -1e30f;

template <int N>
DEVICE void clear(float (&d)[N][4]) {
  UNROLL for (int i = 0; i < N; i++) d[i][0] = d[i][1] = d[i][2] = d[i][3] = 0;
}

// The warp's 16 rows of a (end, C) matrix as first operand; rows from `end` on are zeros.
template <int C>
DEVICE void load_rows(u32 (&a)[C / 16][4], const bf16* matrix, int first, int end) {
  int row = first + group();
  int t = lane() & 3;
  const u32* upper = (const u32*)(matrix + (long)row * C);
  const u32* lower = upper + 8 * (C / 2);
  UNROLL for (int k = 0; k < C / 16; k++) {
    a[k][0] = row < end ? upper[k * 8 + t] : 0;
    a[k][1] = row + 8 < end ? lower[k * 8 + t] : 0;
    a[k][2] = row < end ? upper[k * 8 + t + 4] : 0;
    a[k][3] = row + 8 < end ? lower[k * 8 + t + 4] : 0;
  }
}

// Starts copying rows [first, first + TILE) of a (end, C) matrix into a tile; the block's 256
// threads share the work. Rows from `end` on become zeros.
template <int C, int TILE>
DEVICE void stage(bf16* tile, const bf16* matrix, int first, int end) {
  for (int i = thread(); i < TILE * (C / 8); i += 256) {
    int row = i / (C / 8);
    int column = i % (C / 8) * 8;
    bool present = first + row < end;
    const bf16* from = matrix + (long)(present ? first + row : 0) * C + column;
    copy_async_16(tile + row * Pitch<C>::value + column, from, present);
  }
}

// Copies numbers [first, first + TILE) of a line; infinite from `end` on.
template <int TILE>
DEVICE void stage_line(float* line, const float* from, int first, int end) {
  if (thread() < TILE) {
    int at = first + thread();
    line[thread()] = at < end ? from[at] : bits_to_float(0x7f800000u);
  }
}

// s (16, TILE) += a (16, C) · tileᵀ
template <int C, int TILE>
DEVICE void multiply_turned(float (&s)[TILE / 8][4], const u32 (&a)[C / 16][4], const bf16* tile) {
  const bf16* at = tile + ((lane() & 7) + (lane() >> 4) * 8) * Pitch<C>::value +
                   ((lane() >> 3) & 1) * 8;
  UNROLL for (int n = 0; n < TILE / 16; n++) {
    UNROLL for (int k = 0; k < C / 16; k++) {
      u32 b[4];
      load_matrix_x4(b, at + n * 16 * Pitch<C>::value + k * 16);
      mma_bf16(s[2 * n], a[k], b[0], b[1]);
      mma_bf16(s[2 * n + 1], a[k], b[2], b[3]);
    }
  }
}

// o (16, C) += p (16, TILE) · tile, p packed from the layout that multiply_turned leaves.
template <int C, int TILE>
DEVICE void multiply(float (&o)[C / 8][4], const u32 (&p)[TILE / 8][2], const bf16* tile) {
  const bf16* at = tile + ((lane() & 7) + ((lane() >> 3) & 1) * 8) * Pitch<C>::value +
                   (lane() >> 4) * 8;
  UNROLL for (int n = 0; n < TILE / 16; n++) {
    const u32 a[4] = {p[2 * n][0], p[2 * n][1], p[2 * n + 1][0], p[2 * n + 1][1]};
    UNROLL for (int c = 0; c < C / 16; c++) {
      u32 b[4];
      load_matrix_x4_turned(b, at + n * 16 * Pitch<C>::value + c * 16);
      mma_bf16(o[2 * c], a, b[0], b[1]);
      mma_bf16(o[2 * c + 1], a, b[2], b[3]);
    }
  }
}

// Column sums of gradients are made per quantum of tokens, a quantum in pieces. The tokens of piece
// p, `per_quantum` of them in each quantum.
struct Span {
  int begin;
  int end;
};
DEVICE Span tokens_of_piece(int p, int per_quantum, int piece, int quantum, int n) {
  int start = p / per_quantum * quantum;
  int begin = start + p % per_quantum * piece;
  int end = min(min(begin + piece, start + quantum), n);
  return Span{begin, end};
}
