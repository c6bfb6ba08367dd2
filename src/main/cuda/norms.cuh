// LayerNorm (Ba et al., 2016) over each token's features, a warp per token. Statistics (n, 2): mean
// and 1 / sqrt(variance + 1e-5).
#pragma once
#include "sums.cuh"

DEVICE float warp_sum(float value) {
  UNROLL for (int lanes = 16; lanes > 0; lanes >>= 1) value += shuffle_xor(value, lanes);
  return value;
}

template <typename E>
DEVICE void layer_norm(int n, int features, const float* x, const float* weight, const float* bias,
                       E* out, float* statistics) {
  int token = block_x() * 8 + warp();
  if (token >= n) return;
  const float* row = x + (long)token * features;
  float sum = 0;
  for (int c = lane(); c < features; c += 32) sum += row[c];
  float mean = warp_sum(sum) / features;
  float squares = 0;
  for (int c = lane(); c < features; c += 32) {
    float centred = row[c] - mean;
    squares = fmaf(centred, centred, squares);
  }
  float inverse = 1.0f / sqrtf(warp_sum(squares) / features + 1e-5f);
  for (int c = lane(); c < features; c += 32) {
    float shift = bias ? bias[c] : 0;
    store(out + (long)token * features + c, fmaf((row[c] - mean) * inverse, weight[c], shift));
  }
  if (lane() == 0) {
    statistics[2 * (long)token] = mean;
    statistics[2 * (long)token + 1] = inverse;
  }
}

KERNEL(256, layer_norm_f32,
       (int n, int features, const float* x, const float* weight, const float* bias, float* out,
        float* statistics)) {
  layer_norm(n, features, x, weight, bias, out, statistics);
}

KERNEL(256, layer_norm_bf16,
       (int n, int features, const float* x, const float* weight, const float* bias, bf16* out,
        float* statistics)) {
  layer_norm(n, features, x, weight, bias, out, statistics);
}

// With g = out_gradient · weight and y the normed input: x_gradient += inverse · (g - mean(g) - y ·
// mean(g · y)). partial (pieces, 2, features): Σ out_gradient · y, then Σ out_gradient. A block's
// four warps take a piece's tokens in turn.
template <typename E>
DEVICE void layer_norm_backward(int n, int features, int quantum, int piece, int per_quantum,
                                const E* out_gradient, const float* x, const float* statistics,
                                const float* weight, float* x_gradient, float* partial) {
  float* sums = (float*)shared_memory();
  float* own = sums + warp() * 2 * features;
  for (int c = lane(); c < 2 * features; c += 32) own[c] = 0;
  barrier();
  Span span = tokens_of_piece(block_x(), per_quantum, piece, quantum, n);
  for (int token = span.begin + warp(); token < span.end; token += 4) {
    long at = (long)token * features;
    float mean = statistics[2 * (long)token];
    float inverse = statistics[2 * (long)token + 1];
    float sum = 0;
    float weighted = 0;
    for (int c = lane(); c < features; c += 32) {
      float upper = to_float(out_gradient[at + c]);
      float normed = (x[at + c] - mean) * inverse;
      float g = upper * weight[c];
      sum += g;
      weighted = fmaf(g, normed, weighted);
      own[c] = fmaf(upper, normed, own[c]);
      own[features + c] += upper;
    }
    sum = warp_sum(sum) / features;
    weighted = warp_sum(weighted) / features;
    for (int c = lane(); c < features; c += 32) {
      float normed = (x[at + c] - mean) * inverse;
      float centred = fmaf(to_float(out_gradient[at + c]), weight[c], -sum);
      x_gradient[at + c] =
          fmaf(inverse, fmaf(-normed, weighted, centred), x_gradient[at + c]);
    }
  }
  barrier();
  float* to = partial + (long)block_x() * 2 * features;
  for (int c = thread(); c < 2 * features; c += 128) {
    to[c] = (sums[c] + sums[2 * features + c]) + (sums[4 * features + c] + sums[6 * features + c]);
  }
}

KERNEL(128, layer_norm_backward_f32,
       (int n, int features, int quantum, int piece, int per_quantum, const float* out_gradient,
        const float* x, const float* statistics, const float* weight, float* x_gradient,
        float* partial)) {
  layer_norm_backward(n, features, quantum, piece, per_quantum, out_gradient, x, statistics, weight,
                      x_gradient, partial);
}

KERNEL(128, layer_norm_backward_bf16,
       (int n, int features, int quantum, int piece, int per_quantum, const bf16* out_gradient,
        const float* x, const float* statistics, const float* weight, float* x_gradient,
        float* partial)) {
  layer_norm_backward(n, features, quantum, piece, per_quantum, out_gradient, x, statistics, weight,
                      x_gradient, partial);
}
