// Causal attention for rows of 64 tokens and heads of 32 features, bfloat16, on tensor cores. A
// block of four warps owns one head of one row, a warp 16 of its queries; all scores stay in
// registers. Layouts and statistics as in attention.cuh.
#pragma once
#include "attention.cuh"
#include "products.cuh"

static const int ROW = 64;
static const int HEAD_SIZE = 32;
static const int HEAD_PITCH = HEAD_SIZE + 8;
static const int PAIR_PITCH = ROW + 8;
static const float SCORE_SCALE = 0.17677669529663687f;  // 1 / sqrt(32)

// Starts copying one head's (64, 32) part of a row-major matrix with `width` columns.
DEVICE void stage_head(bf16* tile, const bf16* from, int width) {
  for (int i = thread(); i < ROW * (HEAD_SIZE / 8); i += 128) {
    int row = i / (HEAD_SIZE / 8);
    int column = i % (HEAD_SIZE / 8) * 8;
    copy_async_16(tile + row * HEAD_PITCH + column, from + (long)row * width + column, true);
  }
}

// The warp's 16 rows of a staged head as first operand.
DEVICE void own_rows(u32 (&a)[2][4], const bf16* tile) {
  first_operand<HEAD_PITCH>(a[0], tile, warp() * 16, 0);
  first_operand<HEAD_PITCH>(a[1], tile, warp() * 16, 16);
}

// Whether lane 4g + t's element (n, j) of a (16, 64) product of queries and keys is before or at its
// query.
DEVICE bool sees(int n, int j) {
  int query = warp() * 16 + group() + (j >> 1) * 8;
  return n * 8 + (lane() & 3) * 2 + (j & 1) <= query;
}

DEVICE void store_pairs(bf16* out, int width, const float (&d)[4][4]) {
  bf16* to = out + (long)(warp() * 16 + group()) * width + (lane() & 3) * 2;
  UNROLL for (int i = 0; i < 4; i++) {
    *(u32*)(to + i * 8) = pack_bf16(d[i][0], d[i][1]);
    *(u32*)(to + 8 * width + i * 8) = pack_bf16(d[i][2], d[i][3]);
  }
}

KERNEL(128, attention_64x32_bf16,
       (int heads, const bf16* qkv, bf16* out, float* statistics)) {
  bf16* queries = (bf16*)shared_memory();
  bf16* keys = queries + ROW * HEAD_PITCH;
  bf16* values = keys + ROW * HEAD_PITCH;
  int features = heads * HEAD_SIZE;
  long row = (long)block_x() * ROW;
  const bf16* from = qkv + row * 3 * features + block_y() * HEAD_SIZE;
  stage_head(queries, from, 3 * features);
  stage_head(keys, from + features, 3 * features);
  stage_head(values, from + 2 * features, 3 * features);
  copy_commit();
  copy_wait<0>();
  barrier();
  u32 q[2][4];
  own_rows(q, queries);
  float s[8][4];
  clear(s);
  multiply_turned<HEAD_SIZE, ROW>(s, q, keys);
  float top[2] = {FORBIDDEN, FORBIDDEN};
  UNROLL for (int n = 0; n < 8; n++) {
    UNROLL for (int j = 0; j < 4; j++) {
      s[n][j] = sees(n, j) ? s[n][j] * (SCORE_SCALE * LOG2_E) : FORBIDDEN;
      top[j >> 1] = fmaxf(top[j >> 1], s[n][j]);
    }
  }
  float sum[2] = {0, 0};
  u32 p[8][2];
  UNROLL for (int half = 0; half < 2; half++) {
    top[half] = fmaxf(top[half], shuffle_xor(top[half], 1));
    top[half] = fmaxf(top[half], shuffle_xor(top[half], 2));
    UNROLL for (int n = 0; n < 8; n++) {
      float a = exp2_fast(s[n][2 * half] - top[half]);
      float b = exp2_fast(s[n][2 * half + 1] - top[half]);
      sum[half] += a + b;
      p[n][half] = pack_bf16(a, b);
    }
    sum[half] += shuffle_xor(sum[half], 1);
    sum[half] += shuffle_xor(sum[half], 2);
  }
  float o[4][4];
  clear(o);
  multiply<HEAD_SIZE, ROW>(o, p, values);
  UNROLL for (int i = 0; i < 4; i++) {
    UNROLL for (int j = 0; j < 4; j++) o[i][j] /= sum[j >> 1];
  }
  store_pairs(out + row * features + block_y() * HEAD_SIZE, features, o);
  if ((lane() & 3) == 0) {
    UNROLL for (int half = 0; half < 2; half++) {
      long token = row + warp() * 16 + group() + half * 8;
      statistics[(token * heads + block_y()) * 2] = top[half] + log2_fast(sum[half]);
    }
  }
}

// D of the warp's rows: Σ out_gradient · out over the head's features, shared by a row's four lanes.
DEVICE float row_product(const bf16* a, const bf16* b) {
  float sum = 0;
  UNROLL for (int d = 0; d < 8; d++) {
    int c = (lane() & 3) * 8 + d;
    sum = fmaf(to_float(a[c]), to_float(b[c]), sum);
  }
  sum += shuffle_xor(sum, 1);
  return sum + shuffle_xor(sum, 2);
}

// d (16 keys of this warp, 32) = pairsᵀ · tile, pairs (64 queries, 64 keys).
DEVICE void multiply_pairs(float (&d)[4][4], const bf16* pairs, const bf16* tile) {
  UNROLL for (int query = 0; query < ROW; query += 16) {
    u32 a[4];
    first_operand_turned<PAIR_PITCH>(a, pairs, warp() * 16, query);
    UNROLL for (int column = 0; column < HEAD_SIZE; column += 16) {
      u32 b[4];
      second_operand_turned<HEAD_PITCH>(b, tile, column, query);
      mma_bf16(d[column / 8], a, b[0], b[1]);
      mma_bf16(d[column / 8 + 1], a, b[2], b[3]);
    }
  }
}

KERNEL(128, attention_backward_64x32_bf16,
       (int heads, const bf16* out_gradient, const bf16* qkv, const bf16* out, float* statistics,
        bf16* qkv_gradient)) {
  bf16* queries = (bf16*)shared_memory();
  bf16* keys = queries + ROW * HEAD_PITCH;
  bf16* values = keys + ROW * HEAD_PITCH;
  bf16* uppers = values + ROW * HEAD_PITCH;
  bf16* weights = uppers + ROW * HEAD_PITCH;
  bf16* changes = weights + ROW * PAIR_PITCH;
  int features = heads * HEAD_SIZE;
  long row = (long)block_x() * ROW;
  const bf16* from = qkv + row * 3 * features + block_y() * HEAD_SIZE;
  const bf16* upper = out_gradient + row * features + block_y() * HEAD_SIZE;
  const bf16* own = out + row * features + block_y() * HEAD_SIZE;
  stage_head(queries, from, 3 * features);
  stage_head(keys, from + features, 3 * features);
  stage_head(values, from + 2 * features, 3 * features);
  stage_head(uppers, upper, features);
  copy_commit();
  copy_wait<0>();
  barrier();
  u32 q[2][4];
  u32 g[2][4];
  own_rows(q, queries);
  own_rows(g, uppers);
  float s[8][4];
  float change[8][4];
  clear(s);
  clear(change);
  multiply_turned<HEAD_SIZE, ROW>(s, q, keys);
  multiply_turned<HEAD_SIZE, ROW>(change, g, values);
  u32 packed[8][2];
  UNROLL for (int half = 0; half < 2; half++) {
    int query = warp() * 16 + group() + half * 8;
    float d = row_product(upper + (long)query * features, own + (long)query * features);
    float log_sum = statistics[((row + query) * heads + block_y()) * 2];
    UNROLL for (int n = 0; n < 8; n++) {
      float p[2];
      float c[2];
      UNROLL for (int j = 0; j < 2; j++) {
        float score = s[n][2 * half + j] * (SCORE_SCALE * LOG2_E);
        p[j] = sees(n, 2 * half + j) ? exp2_fast(score - log_sum) : 0;
        c[j] = p[j] * (change[n][2 * half + j] - d) * SCORE_SCALE;
      }
      packed[n][half] = pack_bf16(c[0], c[1]);
      int at = query * PAIR_PITCH + n * 8 + (lane() & 3) * 2;
      *(u32*)(weights + at) = pack_bf16(p[0], p[1]);
      *(u32*)(changes + at) = packed[n][half];
    }
  }
  bf16* to = qkv_gradient + row * 3 * features + block_y() * HEAD_SIZE;
  float d[4][4];
  clear(d);
  multiply<HEAD_SIZE, ROW>(d, packed, keys);
  store_pairs(to, 3 * features, d);
  barrier();
  clear(d);
  multiply_pairs(d, changes, queries);
  store_pairs(to + features, 3 * features, d);
  clear(d);
  multiply_pairs(d, weights, uppers);
  store_pairs(to + 2 * features, 3 * features, d);
}
