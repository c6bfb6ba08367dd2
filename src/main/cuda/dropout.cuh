// Dropout: which number is dropped is a function of the batch's draw, the place in the model and the
// number's index; kernels.DropoutMask is the same in Java. draw: 64 random bits of the iteration, and how
// many of its tokens come before this batch.
#pragma once
#include "attention.cuh"

// SplitMix64's finaliser after a step of its generator.
DEVICE u64 mixed(u64 x) {
  u64 z = x + 0x9E3779B97F4A7C15ull;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

struct Mask {
  u64 key;
  u64 first_token;
  u32 threshold;
  float scale;

  DEVICE float factor(u64 index) const {
    return (u32)(mixed(key ^ index) >> 32) < threshold ? 0.0f : scale;
  }

  // Of the weight that a token of this batch, in one head, gives to a position of its row.
  DEVICE float factor(long token, int heads, int length, int key_position) const {
    return factor(((first_token + token) * heads + block_y()) * length + key_position);
  }
};

DEVICE Mask mask_of(int place, u32 threshold, float scale, const u64* draw) {
  return Mask{mixed(draw[0] ^ (u64)place), draw[1], threshold, scale};
}

// out = x with some numbers dropped, plus the addend where there is one.
KERNEL(256, drop,
       (int n, int features, int place, u32 threshold, float scale, const u64* draw, const float* x,
        const float* addend, float* out)) {
  long at = (long)block_x() * 256 + thread();
  if (at >= (long)n * features) return;
  Mask mask = mask_of(place, threshold, scale, draw);
  float kept = x[at] * mask.factor(mask.first_token * features + at);
  out[at] = addend ? kept + addend[at] : kept;
}

#define ATTENTION_DROPPED(E, SUFFIX)                                                              \
  KERNEL(256, attention_dropped_##SUFFIX,                                                         \
         (int length, int heads, int head_size, int place, u32 threshold, float scale,            \
          const u64* draw, const E* qkv, E* out, float* statistics)) {                            \
    attention(length, heads, head_size, qkv, out, statistics,                                     \
              mask_of(place, threshold, scale, draw));                                            \
  }                                                                                               \
  KERNEL(256, attention_dropped_backward_query_##SUFFIX,                                          \
         (int length, int heads, int head_size, int place, u32 threshold, float scale,            \
          const u64* draw, const E* out_gradient, const E* qkv, const E* out, float* statistics,  \
          E* qkv_gradient)) {                                                                     \
    attention_backward_query(length, heads, head_size, out_gradient, qkv, out, statistics,        \
                             qkv_gradient, mask_of(place, threshold, scale, draw));               \
  }                                                                                               \
  KERNEL(256, attention_dropped_backward_key_##SUFFIX,                                            \
         (int length, int heads, int head_size, int place, u32 threshold, float scale,            \
          const u64* draw, const E* out_gradient, const E* qkv, const float* statistics,          \
          E* qkv_gradient)) {                                                                     \
    attention_backward_key(length, heads, head_size, out_gradient, qkv, statistics, qkv_gradient, \
                           mask_of(place, threshold, scale, draw));                               \
  }
ATTENTION_DROPPED(float, f32)
ATTENTION_DROPPED(bf16, bf16)
