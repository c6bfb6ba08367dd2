// An online softmax (Milakov and Gimelshein, 2018) over the vocabulary, 16 tokens per warp, and what is
// written at the end: what head.cuh and head_hopper.cuh share.
#pragma once
#include "fragments.cuh"

static const float LN_2 = 0.6931471805599453f;
#define INFINITE (bits_to_float(0x7f800000u))

// What one warp knows of its 16 tokens: lane 4g + t holds rows g and g + 8, as in mma_bf16's d.
struct OnlineSoftmax {
  float top[2];
  float sum[2];
};

// Forgets logits beyond the vocabulary's end: only its last tile has any.
template <int TILE>
DEVICE void mask(float (&s)[TILE / 8][4], int first, int end) {
  if (first + TILE <= end) return;
  int column = first + (thread() & 3) * 2;
  UNROLL for (int n = 0; n < TILE / 8; n++) {
    if (column + n * 8 >= end) s[n][0] = s[n][2] = FORBIDDEN;
    if (column + n * 8 + 1 >= end) s[n][1] = s[n][3] = FORBIDDEN;
  }
}

// Raises the running maxima to the tile's; returns whether any of the warp's rows grew, and by
// which factors what was summed before shrinks.
template <int TILE>
DEVICE bool raise_tops(const float (&s)[TILE / 8][4], OnlineSoftmax& softmax, float (&shrink)[2]) {
  float a = softmax.top[0];
  float b = softmax.top[1];
  UNROLL for (int n = 0; n < TILE / 8; n++) {
    a = fmaxf(a, fmaxf(s[n][0], s[n][1]));
    b = fmaxf(b, fmaxf(s[n][2], s[n][3]));
  }
  for (int lanes = 1; lanes < 4; lanes <<= 1) {
    a = fmaxf(a, shuffle_xor(a, lanes));
    b = fmaxf(b, shuffle_xor(b, lanes));
  }
  if (!any_in_warp(a > softmax.top[0] || b > softmax.top[1])) return false;
  shrink[0] = exp2_fast((softmax.top[0] - a) * LOG2_E);
  shrink[1] = exp2_fast((softmax.top[1] - b) * LOG2_E);
  softmax.top[0] = a;
  softmax.top[1] = b;
  softmax.sum[0] *= shrink[0];
  softmax.sum[1] *= shrink[1];
  return true;
}

// Writes one row of the input's gradient: scale · (Σ p · W / Σ p - W[target]).
template <int C, int HALF>
DEVICE void write_gradient(
    float (&o)[C / 8][4], float sum, float scale, const bf16* weight, int target, float* out) {
  int t = thread() & 3;
  const u32* row = (const u32*)(weight + (long)(target < 0 ? 0 : target) * C);
  float factor = target < 0 ? 0 : scale / sum;
  float share = target < 0 ? 0 : scale;
  UNROLL for (int i = 0; i < C / 8; i++) {
    u32 w = row[i * 4 + t];
    out[i * 8 + 2 * t] = fmaf(o[i][2 * HALF], factor, -share * low(w));
    out[i * 8 + 2 * t + 1] = fmaf(o[i][2 * HALF + 1], factor, -share * high(w));
  }
}

// Writes rows `row` and `row` + 8 of the block's quantum of partial (quanta, vocabulary, C).
template <int C>
DEVICE void write_sums(float (&o)[C / 8][4], int row, int vocabulary, float* partial) {
  float* out = partial + ((long)block_y() * vocabulary + row) * C + 2 * (thread() & 3);
  UNROLL for (int i = 0; i < C / 8; i++) {
    if (row < vocabulary) {
      out[i * 8] = o[i][0];
      out[i * 8 + 1] = o[i][1];
    }
    if (row + 8 < vocabulary) {
      out[8 * C + i * 8] = o[i][2];
      out[8 * C + i * 8 + 1] = o[i][3];
    }
  }
}
