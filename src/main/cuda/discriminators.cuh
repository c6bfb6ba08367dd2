// What discriminators need beyond products and LayerNorm. They look at one vector per row, which stands at
// the row's first token; at the others stand zeros, which add nothing to any sum.
#pragma once
#include "device.cuh"

// The mean over each row's tokens, of every feature.
KERNEL(256, pool_rows, (int n, int length, int features, const float* x, float* pooled)) {
  long at = (long)block_x() * 256 + thread();
  if (at >= (long)n * features) return;
  float sum = 0;
  if (at / features % length == 0) {
    for (int t = 0; t < length; t++) sum += x[at + (long)t * features];
  }
  pooled[at] = sum / length;
}

// Softmax cross-entropy of each row against the compartment of its first token; the logits become
// scale · (p - [compartment]).
KERNEL(256, tell_rows,
       (int n, int length, int classes, float scale, const int* compartments, float* logits,
        float* losses)) {
  int token = block_x() * 256 + thread();
  if (token >= n) return;
  float* row = logits + (long)token * classes;
  if (token % length != 0) {
    for (int k = 0; k < classes; k++) row[k] = 0;
    losses[token] = 0;
    return;
  }
  float top = row[0];
  for (int k = 1; k < classes; k++) top = fmaxf(top, row[k]);
  float sum = 0;
  for (int k = 0; k < classes; k++) sum += expf(row[k] - top);
  int own = compartments[token];
  losses[token] = logf(sum) + top - row[own];
  for (int k = 0; k < classes; k++) {
    row[k] = scale * (expf(row[k] - top) / sum - (k == own ? 1.0f : 0.0f));
  }
}

// to += factor · the row's vector, at each of its tokens.
KERNEL(256, add_rows, (int n, int length, int features, float factor, const float* rows, float* to)) {
  long at = (long)block_x() * 256 + thread();
  if (at >= (long)n * features) return;
  int token = (int)(at / features);
  int c = (int)(at % features);
  to[at] = fmaf(factor, rows[(long)(token - token % length) * features + c], to[at]);
}
