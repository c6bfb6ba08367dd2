// Sums over tokens whose bits do not depend on how many tokens a call carries: one partial sum per
// piece, the pieces of a quantum added in order, and the quanta added to the gradient in order.
#pragma once
#include "fragments.cuh"

// gradient[i] += the sums of element i, pieces at partial[p · stride + i]. A block owns 32
// elements; its warps take a quantum each, eight at a time.
KERNEL(256, reduce_ordered,
       (int length, int stride, int pieces, int per_quantum, const float* partial,
        float* gradient)) {
  float* sums = (float*)shared_memory();
  int element = block_x() * 32 + lane();
  int quanta = (pieces + per_quantum - 1) / per_quantum;
  float total = element < length && warp() == 0 ? gradient[element] : 0;
  for (int first = 0; first < quanta; first += 8) {
    int q = first + warp();
    float sum = 0;
    if (q < quanta && element < length) {
      int end = min((q + 1) * per_quantum, pieces);
      for (int p = q * per_quantum; p < end; p++) sum += partial[(long)p * stride + element];
    }
    sums[thread()] = sum;
    barrier();
    if (warp() == 0) {
      int count = min(8, quanta - first);
      for (int w = 0; w < count; w++) total += sums[w * 32 + lane()];
    }
    barrier();
  }
  if (element < length && warp() == 0) gradient[element] = total;
}

// partial (pieces, features) = Σ x over a piece's tokens.
template <typename E>
DEVICE void column_sum(int tokens, int features, int quantum, int piece, int per_quantum,
                       const E* x, float* partial) {
  Span span = tokens_of_piece(block_x(), per_quantum, piece, quantum, tokens);
  for (int c = thread(); c < features; c += 256) {
    float sum = 0;
    for (int token = span.begin; token < span.end; token++) {
      sum += to_float(x[(long)token * features + c]);
    }
    partial[(long)block_x() * features + c] = sum;
  }
}

KERNEL(256, column_sum_f32,
       (int tokens, int features, int quantum, int piece, int per_quantum, const float* x,
        float* partial)) {
  column_sum(tokens, features, quantum, piece, per_quantum, x, partial);
}

KERNEL(256, column_sum_bf16,
       (int tokens, int features, int quantum, int piece, int per_quantum, const bf16* x,
        float* partial)) {
  column_sum(tokens, features, quantum, piece, per_quantum, x, partial);
}

// The first place in order[begin, end) whose token is not below `token`.
DEVICE int lower_bound(const int* order, int begin, int end, int token) {
  while (begin < end) {
    int middle = (begin + end) / 2;
    if (order[middle] < token) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

// Σ x[order[i]][c] for i in [begin, end), in order.
template <typename E>
DEVICE float gather(const E* x, const int* order, int begin, int end, int features, int c) {
  float sum = 0;
  UNROLL for (int i = begin; i < end; i++) sum += to_float(x[(long)order[i] * features + c]);
  return sum;
}

// A table row with more tokens than this is summed by all warps of its block, a quantum each.
static const int FEW = 32;

// The row's gradient: per quantum, the sum over its tokens; added in the order of the quanta. Both
// ways give the same bits: they differ in who computes a quantum's sum, not in how.
KERNEL(256, segment_gradient,
       (int features, int quantum, const int* order, const int* starts, const float* out_gradient,
        float* gradient)) {
  int row = block_x();
  int begin = starts[row];
  int end = starts[row + 1];
  float* to = gradient + (long)row * features;
  if (end - begin <= FEW) {
    for (int c = thread(); c < features; c += 256) {
      float total = to[c];
      for (int i = begin; i < end;) {
        int last = lower_bound(order, i, end, (order[i] / quantum + 1) * quantum);
        total += gather(out_gradient, order, i, last, features, c);
        i = last;
      }
      if (begin < end) to[c] = total;
    }
    return;
  }
  float* sums = (float*)shared_memory();
  int last_quantum = order[end - 1] / quantum;
  for (int first = order[begin] / quantum; first <= last_quantum; first += 8) {
    int q = first + warp();
    int from = lower_bound(order, begin, end, q * quantum);
    int until = lower_bound(order, from, end, (q + 1) * quantum);
    for (int c = lane(); c < features; c += 32) {
      sums[warp() * features + c] = gather(out_gradient, order, from, until, features, c);
    }
    barrier();
    for (int c = thread(); c < features; c += 256) {
      float total = to[c];
      for (int w = 0; w < min(8, last_quantum + 1 - first); w++) total += sums[w * features + c];
      to[c] = total;
    }
    barrier();
  }
}

// One row of the head's matrix: per quantum, scale · (what the second pass summed - the hidden
// states of the tokens whose target the row is), added in the order of the quanta.
KERNEL(256, head_gradient_bf16,
       (int features, int vocabulary, int quantum, int quanta, float scale, const int* order,
        const int* starts, const bf16* x, const float* partial, float* gradient)) {
  int row = block_x();
  int begin = starts[row];
  int end = starts[row + 1];
  float* to = gradient + (long)row * features;
  const float* from = partial + (long)row * features;
  long step = (long)vocabulary * features;
  if (end - begin <= FEW) {
    for (int c = thread(); c < features; c += 256) {
      float total = to[c];
      int i = begin;
      for (int q = 0; q < quanta; q++) {
        int last = lower_bound(order, i, end, (q + 1) * quantum);
        total += scale * (from[q * step + c] - gather(x, order, i, last, features, c));
        i = last;
      }
      to[c] = total;
    }
    return;
  }
  float* sums = (float*)shared_memory();
  for (int first = 0; first < quanta; first += 8) {
    int q = first + warp();
    int i = lower_bound(order, begin, end, q * quantum);
    int last = lower_bound(order, i, end, (q + 1) * quantum);
    for (int c = lane(); c < features; c += 32) {
      sums[warp() * features + c] = gather(x, order, i, last, features, c);
    }
    barrier();
    for (int c = thread(); c < features; c += 256) {
      float total = to[c];
      for (int w = 0; w < min(8, quanta - first); w++) {
        total += scale * (from[(first + w) * step + c] - sums[w * features + c]);
      }
      to[c] = total;
    }
    barrier();
  }
}
