// What is at both ends of a matrix product: rounding its operands, and what is fused to its output.
#pragma once
#include "fragments.cuh"

// Eight floats, aligned to 16 bytes, rounded.
DEVICE void pack_eight(Sixteen& packed, const float* floats) {
  const Four* from = (const Four*)floats;
  Four x = from[0];
  Four y = from[1];
  packed.a = pack_bf16(x.a, x.b);
  packed.b = pack_bf16(x.c, x.d);
  packed.c = pack_bf16(y.a, y.b);
  packed.d = pack_bf16(y.c, y.d);
}

// gelu(x) = x · Φ(x), Φ the normal distribution function, and its slope Φ(x) + x · φ(x).
DEVICE float normal_distribution(float x) { return 0.5f * (1.0f + erff(x * 0.7071067811865476f)); }
DEVICE float gelu(float x) { return x * normal_distribution(x); }
DEVICE float gelu_slope(float x) {
  return fmaf(x, 0.3989422804014327f * expf(-0.5f * x * x), normal_distribution(x));
}

DEVICE float bias_at(const float* bias, int column) { return bias ? bias[column] : 0; }
