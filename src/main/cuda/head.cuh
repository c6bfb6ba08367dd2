// The fused head: softmax cross-entropy of x · Wᵀ without logits in memory.
//
// "Flash attention over the vocabulary" (after Dao et al., 2022, with queries = hidden states and
// keys = values = rows of W): the first pass owns 16 tokens per warp and runs over the vocabulary
// with an online softmax (Milakov and Gimelshein, 2018), the second owns 16 rows of W per warp and
// runs over the tokens. Every output has one owner: no atomics. Logits are float32, probabilities
// are rounded to bfloat16 for the second product only, and the targets' own share is added in
// float32 outside the loops.
//
// Shapes: x (n, C), weight (vocabulary, C) padded by zero rows to a multiple of 128.
#pragma once
#include "online_softmax.cuh"

// p = exp(s - top), added to the sums and packed as the first operand of the next product.
template <int TILE>
DEVICE void exponentials(
    const float (&s)[TILE / 8][4], OnlineSoftmax& softmax, u32 (&p)[TILE / 8][2]) {
  float shift0 = softmax.top[0] * LOG2_E;
  float shift1 = softmax.top[1] * LOG2_E;
  UNROLL for (int n = 0; n < TILE / 8; n++) {
    float a = exp2_fast(fmaf(s[n][0], LOG2_E, -shift0));
    float b = exp2_fast(fmaf(s[n][1], LOG2_E, -shift0));
    float c = exp2_fast(fmaf(s[n][2], LOG2_E, -shift1));
    float d = exp2_fast(fmaf(s[n][3], LOG2_E, -shift1));
    softmax.sum[0] += a + b;
    softmax.sum[1] += c + d;
    p[n][0] = pack_bf16(a, b);
    p[n][1] = pack_bf16(c, d);
  }
}

// The logit of one row's target, from the same rounded numbers as all others; 0 without a target.
// HALF: 0 for the warp's row g, 1 for row g + 8. The four lanes of a row share the work.
template <int C, int HALF>
DEVICE float target_logit(const u32 (&x)[C / 16][4], const bf16* weight, int target) {
  const u32* row = (const u32*)(weight + (long)(target < 0 ? 0 : target) * C);
  int t = thread() & 3;
  float sum = 0;
  UNROLL for (int k = 0; k < C / 16; k++) {
    u32 first = row[k * 8 + t];
    u32 second = row[k * 8 + t + 4];
    sum = fmaf(low(x[k][HALF]), low(first), sum);
    sum = fmaf(high(x[k][HALF]), high(first), sum);
    sum = fmaf(low(x[k][HALF + 2]), low(second), sum);
    sum = fmaf(high(x[k][HALF + 2]), high(second), sum);
  }
  sum += shuffle_xor(sum, 1);
  sum += shuffle_xor(sum, 2);
  return target < 0 ? 0 : sum;
}

// The first pass. A block has 8 warps of 16 tokens. log_sums (n): log2 of the sum of exponentials,
// infinite where there is no target, so that the second pass gives that token no weight.
template <int C, int TILE, bool GRADIENT>
DEVICE void head_first(int n, int vocabulary, float scale, const bf16* x, const bf16* weight,
                       const int* targets, float* losses, float* log_sums, float* x_gradient) {
  bf16* tiles = (bf16*)shared_memory();
  const int size = TILE * Pitch<C>::value;
  int first_token = block_x() * 128 + warp() * 16;
  u32 rows[C / 16][4];
  load_rows<C>(rows, x, first_token, n);
  OnlineSoftmax softmax = {{FORBIDDEN, FORBIDDEN}, {0, 0}};
  float o[C / 8][4];
  clear(o);
  stage<C, TILE>(tiles, weight, 0, vocabulary);
  copy_commit();
  for (int v = 0, buffer = 0; v < vocabulary; v += TILE, buffer ^= 1) {
    if (v + TILE < vocabulary) {
      stage<C, TILE>(tiles + (buffer ^ 1) * size, weight, v + TILE, vocabulary);
    }
    copy_commit();
    copy_wait<1>();
    barrier();
    const bf16* tile = tiles + buffer * size;
    float s[TILE / 8][4];
    clear(s);
    multiply_turned<C, TILE>(s, rows, tile);
    mask<TILE>(s, v, vocabulary);
    float shrink[2];
    if (raise_tops<TILE>(s, softmax, shrink) && GRADIENT) {
      UNROLL for (int i = 0; i < C / 8; i++) {
        o[i][0] *= shrink[0];
        o[i][1] *= shrink[0];
        o[i][2] *= shrink[1];
        o[i][3] *= shrink[1];
      }
    }
    u32 p[TILE / 8][2];
    exponentials<TILE>(s, softmax, p);
    if (GRADIENT) multiply<C, TILE>(o, p, tile);
    barrier();
  }
  for (int lanes = 1; lanes < 4; lanes <<= 1) {
    softmax.sum[0] += shuffle_xor(softmax.sum[0], lanes);
    softmax.sum[1] += shuffle_xor(softmax.sum[1], lanes);
  }
  int token0 = first_token + group();
  int token1 = token0 + 8;
  int target0 = token0 < n ? targets[token0] : -1;
  int target1 = token1 < n ? targets[token1] : -1;
  float logit0 = target_logit<C, 0>(rows, weight, target0);
  float logit1 = target_logit<C, 1>(rows, weight, target1);
  float log0 = fmaf(softmax.top[0], LOG2_E, log2_fast(softmax.sum[0]));
  float log1 = fmaf(softmax.top[1], LOG2_E, log2_fast(softmax.sum[1]));
  bool writes = (thread() & 3) == 0;
  if (writes && token0 < n) losses[token0] = target0 < 0 ? 0 : fmaf(log0, LN_2, -logit0);
  if (writes && token1 < n) losses[token1] = target1 < 0 ? 0 : fmaf(log1, LN_2, -logit1);
  if (!GRADIENT) return;
  if (writes && token0 < n) log_sums[token0] = target0 < 0 ? INFINITE : log0;
  if (writes && token1 < n) log_sums[token1] = target1 < 0 ? INFINITE : log1;
  if (token0 < n) {
    float* out = x_gradient + (long)token0 * C;
    write_gradient<C, 0>(o, softmax.sum[0], scale, weight, target0, out);
  }
  if (token1 < n) {
    float* out = x_gradient + (long)token1 * C;
    write_gradient<C, 1>(o, softmax.sum[1], scale, weight, target1, out);
  }
}

// The second pass: partial (quanta, vocabulary, C) = Σ p · x over the tokens of one quantum,
// without the targets' share and unscaled. A block has 8 warps of 16 vocabulary rows.
template <int C, int TILE>
DEVICE void head_second(int n, int vocabulary, int quantum, const bf16* x, const bf16* weight,
                        const float* log_sums, float* partial) {
  bf16* tiles = (bf16*)shared_memory();
  const int size = TILE * Pitch<C>::value;
  float* lines = (float*)(tiles + 2 * size);
  int first_row = block_x() * 128 + warp() * 16;
  int begin = block_y() * quantum;
  int end = min(n, begin + quantum);
  u32 rows[C / 16][4];
  load_rows<C>(rows, weight, first_row, vocabulary);
  float o[C / 8][4];
  clear(o);
  stage<C, TILE>(tiles, x, begin, end);
  copy_commit();
  stage_line<TILE>(lines, log_sums, begin, end);
  for (int token = begin, buffer = 0; token < end; token += TILE, buffer ^= 1) {
    if (token + TILE < end) {
      stage<C, TILE>(tiles + (buffer ^ 1) * size, x, token + TILE, end);
      stage_line<TILE>(lines + (buffer ^ 1) * TILE, log_sums, token + TILE, end);
    }
    copy_commit();
    copy_wait<1>();
    barrier();
    const bf16* tile = tiles + buffer * size;
    const float* line = lines + buffer * TILE;
    float s[TILE / 8][4];
    clear(s);
    multiply_turned<C, TILE>(s, rows, tile);
    u32 p[TILE / 8][2];
    UNROLL for (int k = 0; k < TILE / 8; k++) {
      float line0 = line[k * 8 + (thread() & 3) * 2];
      float line1 = line[k * 8 + (thread() & 3) * 2 + 1];
      p[k][0] = pack_bf16(exp2_fast(fmaf(s[k][0], LOG2_E, -line0)),
                          exp2_fast(fmaf(s[k][1], LOG2_E, -line1)));
      p[k][1] = pack_bf16(exp2_fast(fmaf(s[k][2], LOG2_E, -line0)),
                          exp2_fast(fmaf(s[k][3], LOG2_E, -line1)));
    }
    multiply<C, TILE>(o, p, tile);
    barrier();
  }
  int row = first_row + group();
  write_sums<C>(o, row, vocabulary, partial);
}

#define HEAD(C, TILE)                                                                            \
  KERNEL(256, head_loss_c##C,                                                                    \
         (int n, int vocabulary, const bf16* x, const bf16* weight, const int* targets,          \
          float* losses)) {                                                                      \
    head_first<C, TILE, false>(n, vocabulary, 0, x, weight, targets, losses, 0, 0);              \
  }                                                                                              \
  KERNEL(256, head_first_c##C,                                                                   \
         (int n, int vocabulary, float scale, const bf16* x, const bf16* weight,                 \
          const int* targets, float* losses, float* log_sums, float* x_gradient)) {              \
    head_first<C, TILE, true>(n, vocabulary, scale, x, weight, targets, losses, log_sums,        \
                              x_gradient);                                                       \
  }                                                                                              \
  KERNEL(256, head_second_c##C,                                                                  \
         (int n, int vocabulary, int quantum, const bf16* x, const bf16* weight,                 \
          const float* log_sums, float* partial)) {                                              \
    head_second<C, TILE>(n, vocabulary, quantum, x, weight, log_sums, partial);                  \
  }
HEAD(16, 64)
HEAD(32, 64)
HEAD(64, 64)
HEAD(128, 64)
HEAD(256, 32)

// Sum over the block's 256 threads by a fixed tree.
DEVICE float block_sum(float value, float* scratch) {
  scratch[thread()] = value;
  for (int half = 128; half > 0; half >>= 1) {
    barrier();
    if (thread() < half) scratch[thread()] += scratch[thread() + half];
  }
  barrier();
  float sum = scratch[0];
  barrier();
  return sum;
}

DEVICE float block_max(float value, float* scratch) {
  scratch[thread()] = value;
  for (int half = 128; half > 0; half >>= 1) {
    barrier();
    if (thread() < half) scratch[thread()] = fmaxf(scratch[thread()], scratch[thread() + half]);
  }
  barrier();
  float top = scratch[0];
  barrier();
  return top;
}

// The head of any size in float32, on a chunk's logits (n, vocabulary) in memory. A block per
// token; the logits become scale · (p - [target]), rows without a target zero.
DEVICE void softmax_row(int vocabulary, float scale, int target, float* row, float* loss,
                        bool gradient) {
  float* scratch = (float*)shared_memory();
  float top = FORBIDDEN;
  for (int v = thread(); v < vocabulary; v += 256) top = fmaxf(top, row[v]);
  top = block_max(top, scratch);
  float sum = 0;
  for (int v = thread(); v < vocabulary; v += 256) sum += expf(row[v] - top);
  sum = block_sum(sum, scratch);
  if (thread() == 0) *loss = target < 0 ? 0 : logf(sum) + top - row[target];
  barrier();
  if (!gradient) return;
  float factor = target < 0 ? 0 : scale / sum;
  for (int v = thread(); v < vocabulary; v += 256) {
    row[v] = expf(row[v] - top) * factor - (v == target ? scale : 0);
  }
}

KERNEL(256, softmax_f32,
       (int n, int vocabulary, float scale, const int* targets, float* logits, float* losses)) {
  int token = block_x();
  softmax_row(vocabulary, scale, targets[token], logits + (long)token * vocabulary, losses + token,
              true);
}

KERNEL(256, softmax_loss_f32,
       (int n, int vocabulary, const int* targets, const float* logits, float* losses)) {
  int token = block_x();
  softmax_row(vocabulary, 0, targets[token], (float*)logits + (long)token * vocabulary,
              losses + token, false);
}
