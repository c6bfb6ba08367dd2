// What discriminators need beyond products and softmax.
#pragma once
#include "device.cuh"

// to += factor · x
KERNEL(256, add_scaled, (int n, float factor, const float* x, float* to)) {
  int at = block_x() * 256 + thread();
  if (at < n) to[at] = fmaf(factor, x[at], to[at]);
}
