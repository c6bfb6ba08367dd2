// Table lookups, their gradients, and rotary positions.
#pragma once
#include "sums.cuh"

KERNEL(256, embed,
       (int n, int length, int features, const int* ids, const int* compartments,
        const float* tokens, const float* positions, const float* compartment_table, float* out)) {
  long at = (long)block_x() * 256 + thread();
  if (at >= (long)n * features) return;
  int token = (int)(at / features);
  int c = (int)(at % features);
  float value = tokens[(long)ids[token] * features + c];
  if (positions) value += positions[(long)(token % length) * features + c];
  if (compartment_table) value += compartment_table[(long)compartments[token] * features + c];
  out[at] = value;
}

// partial (quanta, length · features) = Σ over the rows of a quantum.
KERNEL(256, position_gradient,
       (int n, int length, int features, int quantum, const float* out_gradient, float* partial)) {
  int at = block_x() * 256 + thread();
  int size = length * features;
  if (at >= size) return;
  int begin = block_y() * quantum;
  int end = min(n, begin + quantum);
  float sum = 0;
  for (int row = begin; row < end; row += length) sum += out_gradient[(long)row * features + at];
  partial[(long)block_y() * size + at] = sum;
}

// partial (pieces, count · features) = Σ over a piece's tokens of each compartment.
KERNEL(256, compartment_gradient,
       (int n, int features, int count, int quantum, int piece, int per_quantum,
        const int* compartments, const float* out_gradient, float* partial)) {
  Span span = tokens_of_piece(block_x(), per_quantum, piece, quantum, n);
  float* to = partial + (long)block_x() * count * features;
  for (int at = thread(); at < count * features; at += 256) {
    int compartment = at / features;
    int c = at % features;
    float sum = 0;
    for (int token = span.begin; token < span.end; token++) {
      if (compartments[token] == compartment) sum += out_gradient[(long)token * features + c];
    }
    to[at] = sum;
  }
}

// Rotary positions (Su et al., 2021), half-split: a thread turns one pair of one token's queries or
// keys, feature i of a head with feature i + head_size / 2, by sign · the table's angle.
template <typename E>
DEVICE void rotate(int n, int length, int heads, int head_size, float sign, const float* cosines,
                   const float* sines, E* qkv) {
  int half = head_size / 2;
  long at = (long)block_x() * 256 + thread();
  if (at >= (long)n * 2 * heads * half) return;
  int i = (int)(at % half);
  int head = (int)(at / half % (2 * heads));
  int token = (int)(at / half / (2 * heads));
  E* pair = qkv + (long)token * 3 * heads * head_size + head * head_size + i;
  float cosine = cosines[i * length + token % length];
  float sine = sign * sines[i * length + token % length];
  float x = to_float(pair[0]);
  float y = to_float(pair[half]);
  store(pair, fmaf(x, cosine, -(y * sine)));
  store(pair + half, fmaf(y, cosine, x * sine));
}

KERNEL(256, rotate_f32,
       (int n, int length, int heads, int head_size, float sign, const float* cosines,
        const float* sines, float* qkv)) {
  rotate(n, length, heads, head_size, sign, cosines, sines, qkv);
}

KERNEL(256, rotate_bf16,
       (int n, int length, int heads, int head_size, float sign, const float* cosines,
        const float* sines, bf16* qkv)) {
  rotate(n, length, heads, head_size, sign, cosines, sines, qkv);
}

KERNEL(256, round_bf16, (int n, const float* from, bf16* to)) {
  int at = block_x() * 256 + thread();
  if (at < n) to[at] = to_bf16(from[at]);
}
