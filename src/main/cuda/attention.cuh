// Causal attention for any length and any head size: a warp per query (or per key), with an online
// softmax over chunks of 32 keys, and 256 features of the head at a time. Attention for rows of 64 tokens and heads of 32 features
// on tensor cores is in attention_fast.cuh.
//
// qkv (N, 3C): queries, keys, values, each cut into heads. Statistics (N, 2 · heads): [2h] log2 of
// the sum of the exponentials of query's scores, in base 2; [2h + 1] D = Σ out_gradient · out.
#pragma once
#include "norms.cuh"

static const int AT_ONCE = 256;
static const int PARTS = AT_ONCE / 32;

// Where one head of one row of a batch lies.
template <typename E>
struct HeadView {
  const E* queries;
  const E* keys;
  const E* values;
  int step;
  int size;
  float scale;
};

template <typename E>
DEVICE HeadView<E> head_view(int length, int heads, int size, const E* qkv) {
  int features = heads * size;
  const E* row = qkv + (long)block_x() * length * 3 * features + block_y() * size;
  return HeadView<E>{row, row + features, row + 2 * features, 3 * features, size,
                     1.0f / sqrtf((float)size)};
}

template <typename E>
DEVICE float dot(const E* a, const E* b, int size) {
  float sum = 0;
  for (int d = 0; d < size; d++) sum = fmaf(to_float(a[d]), to_float(b[d]), sum);
  return sum;
}

DEVICE float warp_max(float value) {
  UNROLL for (int lanes = 16; lanes > 0; lanes >>= 1) value = fmaxf(value, shuffle_xor(value, lanes));
  return value;
}

// What a weight is multiplied with after the softmax, where nothing is dropped (dropout.cuh).
struct KeepAll {
  DEVICE float factor(long token, int heads, int length, int key) const { return 1.0f; }
};

template <typename E, typename K>
DEVICE void attention(int length, int heads, int size, const E* qkv, E* out, float* statistics,
                      K kept) {
  int query = block_z() * 8 + warp();
  if (query >= length) return;
  HeadView<E> view = head_view(length, heads, size, qkv);
  const E* q = view.queries + (long)query * view.step;
  long token = (long)block_x() * length + query;
  for (int base = 0; base < size; base += AT_ONCE) {
    float top = FORBIDDEN;
    float sum = 0;
    float o[PARTS];
    UNROLL for (int i = 0; i < PARTS; i++) o[i] = 0;
    for (int first = 0; first <= query; first += 32) {
      int key = first + lane();
      bool seen = key <= query;
      float score = FORBIDDEN;
      if (seen) score = dot(q, view.keys + (long)key * view.step, size) * (view.scale * LOG2_E);
      float higher = fmaxf(top, warp_max(score));
      float shrink = exp2f(top - higher);
      float p = seen ? exp2f(score - higher) : 0;
      sum = sum * shrink + warp_sum(p);
      top = higher;
      if (seen) p *= kept.factor(token, heads, length, key);
      UNROLL for (int i = 0; i < PARTS; i++) o[i] *= shrink;
      int count = min(32, query - first + 1);
      for (int j = 0; j < count; j++) {
        float weight = shuffle(p, j);
        const E* v = view.values + (long)(first + j) * view.step;
        UNROLL for (int i = 0; i < PARTS; i++) {
          int d = base + i * 32 + lane();
          if (d < size) o[i] = fmaf(weight, to_float(v[d]), o[i]);
        }
      }
    }
    UNROLL for (int i = 0; i < PARTS; i++) {
      int d = base + i * 32 + lane();
      if (d < size) store(out + token * heads * size + block_y() * size + d, o[i] / sum);
    }
    if (lane() == 0) statistics[(token * heads + block_y()) * 2] = top + log2f(sum);
  }
}

// Probability of one pair, with what it is multiplied with after the softmax, and how its score's
// gradient follows: p · (factor · Σ out_gradient · value - D) · scale.
template <typename E>
DEVICE void pair_gradient(const HeadView<E>& view, const E* q, const E* k, const E* v,
                          const E* upper, float log_sum, float d, float factor, float* p,
                          float* change) {
  float score = dot(q, k, view.size) * (view.scale * LOG2_E);
  *p = exp2f(score - log_sum);
  *change = *p * (dot(upper, v, view.size) * factor - d) * view.scale;
  *p *= factor;
}

// The queries' part; also keeps D.
template <typename E, typename K>
DEVICE void attention_backward_query(int length, int heads, int size, const E* out_gradient,
                                     const E* qkv, const E* out, float* statistics,
                                     E* qkv_gradient, K kept_weights) {
  int query = block_z() * 8 + warp();
  if (query >= length) return;
  HeadView<E> view = head_view(length, heads, size, qkv);
  long token = (long)block_x() * length + query;
  const E* q = view.queries + (long)query * view.step;
  const E* upper = out_gradient + token * heads * size + block_y() * size;
  const E* own = out + token * heads * size + block_y() * size;
  float* kept = statistics + (token * heads + block_y()) * 2;
  float products = 0;
  for (int d = lane(); d < size; d += 32) {
    products = fmaf(to_float(upper[d]), to_float(own[d]), products);
  }
  float mean = warp_sum(products);
  float log_sum = kept[0];
  E* to = qkv_gradient + token * view.step + block_y() * size;
  for (int base = 0; base < size; base += AT_ONCE) {
    float g[PARTS];
    UNROLL for (int i = 0; i < PARTS; i++) g[i] = 0;
    for (int first = 0; first <= query; first += 32) {
      int key = first + lane();
      float p = 0;
      float change = 0;
      if (key <= query) {
        pair_gradient(view, q, view.keys + (long)key * view.step, view.values + (long)key * view.step,
                      upper, log_sum, mean, kept_weights.factor(token, heads, length, key), &p,
                      &change);
      }
      int count = min(32, query - first + 1);
      for (int j = 0; j < count; j++) {
        float weight = shuffle(change, j);
        const E* k = view.keys + (long)(first + j) * view.step;
        UNROLL for (int i = 0; i < PARTS; i++) {
          int d = base + i * 32 + lane();
          if (d < size) g[i] = fmaf(weight, to_float(k[d]), g[i]);
        }
      }
    }
    UNROLL for (int i = 0; i < PARTS; i++) {
      int d = base + i * 32 + lane();
      if (d < size) store(to + d, g[i]);
    }
  }
  if (lane() == 0) kept[1] = mean;
}

// The keys' and values' part, after the queries'.
template <typename E, typename K>
DEVICE void attention_backward_key(int length, int heads, int size, const E* out_gradient,
                                   const E* qkv, const float* statistics, E* qkv_gradient,
                                   K kept_weights) {
  int key = block_z() * 8 + warp();
  if (key >= length) return;
  HeadView<E> view = head_view(length, heads, size, qkv);
  long row = (long)block_x() * length;
  const E* k = view.keys + (long)key * view.step;
  const E* v = view.values + (long)key * view.step;
  const E* uppers = out_gradient + row * heads * size + block_y() * size;
  int features = heads * size;
  E* to = qkv_gradient + (row + key) * view.step + block_y() * size;
  for (int base = 0; base < size; base += AT_ONCE) {
    float key_gradient[PARTS];
    float value_gradient[PARTS];
    UNROLL for (int i = 0; i < PARTS; i++) key_gradient[i] = value_gradient[i] = 0;
    for (int first = key; first < length; first += 32) {
      int query = first + lane();
      float p = 0;
      float change = 0;
      if (query < length) {
        const float* kept = statistics + ((row + query) * heads + block_y()) * 2;
        pair_gradient(view, view.queries + (long)query * view.step, k, v,
                      uppers + (long)query * heads * size, kept[0], kept[1],
                      kept_weights.factor(row + query, heads, length, key), &p, &change);
      }
      int count = min(32, length - first);
      for (int j = 0; j < count; j++) {
        float of_key = shuffle(change, j);
        float of_value = shuffle(p, j);
        const E* q = view.queries + (long)(first + j) * view.step;
        const E* upper = uppers + (long)(first + j) * heads * size;
        UNROLL for (int i = 0; i < PARTS; i++) {
          int d = base + i * 32 + lane();
          if (d < size) {
            key_gradient[i] = fmaf(of_key, to_float(q[d]), key_gradient[i]);
            value_gradient[i] = fmaf(of_value, to_float(upper[d]), value_gradient[i]);
          }
        }
      }
    }
    UNROLL for (int i = 0; i < PARTS; i++) {
      int d = base + i * 32 + lane();
      if (d < size) {
        store(to + features + d, key_gradient[i]);
        store(to + 2 * features + d, value_gradient[i]);
      }
    }
  }
}

#define ATTENTION(E, SUFFIX)                                                                      \
  KERNEL(256, attention_##SUFFIX,                                                                 \
         (int length, int heads, int head_size, const E* qkv, E* out, float* statistics)) {       \
    attention(length, heads, head_size, qkv, out, statistics, KeepAll());                         \
  }                                                                                               \
  KERNEL(256, attention_backward_query_##SUFFIX,                                                  \
         (int length, int heads, int head_size, const E* out_gradient, const E* qkv, const E* out, \
          float* statistics, E* qkv_gradient)) {                                                  \
    attention_backward_query(length, heads, head_size, out_gradient, qkv, out, statistics,        \
                             qkv_gradient, KeepAll());                                            \
  }                                                                                               \
  KERNEL(256, attention_backward_key_##SUFFIX,                                                    \
         (int length, int heads, int head_size, const E* out_gradient, const E* qkv,              \
          const float* statistics, E* qkv_gradient)) {                                            \
    attention_backward_key(length, heads, head_size, out_gradient, qkv, statistics, qkv_gradient, \
                           KeepAll());                                                            \
  }
ATTENTION(float, f32)
ATTENTION(bf16, bf16)
