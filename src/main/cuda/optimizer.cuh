// The loss's sum, the global norm of all gradients, and AdamW.
#pragma once
#include "sums.cuh"

// One parameter and what its optimizer keeps; `copy` is its bfloat16 copy, or null.
struct Parameter {
  float* value;
  float* gradient;
  float* first;
  float* second;
  bf16* copy;
  int length;
  int decays;
};

// Elements per block of the optimizer: a piece of one parameter.
static const int ELEMENTS = 4096;

// Sum over a block's threads, a power of two of them, by a fixed tree.
DEVICE double tree_sum(double value, double* scratch, int threads) {
  scratch[thread()] = value;
  for (int half = threads / 2; half > 0; half >>= 1) {
    barrier();
    if (thread() < half) scratch[thread()] += scratch[thread() + half];
  }
  barrier();
  double sum = scratch[0];
  barrier();
  return sum;
}

KERNEL(1024, loss_sum, (int n, int quantum, const float* losses, double* total)) {
  double* scratch = (double*)shared_memory();
  for (int begin = 0; begin < n; begin += quantum) {
    int end = min(n, begin + quantum);
    double sum = 0;
    for (int token = begin + thread(); token < end; token += 1024) sum += losses[token];
    sum = tree_sum(sum, scratch, 1024);
    if (thread() == 0) *total += sum;
  }
}

KERNEL(256, gradient_squares,
       (const Parameter* parameters, const int* piece_parameter, const int* piece_start,
        double* squares)) {
  Parameter parameter = parameters[piece_parameter[block_x()]];
  int begin = piece_start[block_x()];
  int end = min(parameter.length, begin + ELEMENTS);
  double sum = 0;
  for (int i = begin + thread(); i < end; i += 256) {
    double g = parameter.gradient[i];
    sum += g * g;
  }
  sum = tree_sum(sum, (double*)shared_memory(), 256);
  if (thread() == 0) squares[block_x()] = sum;
}

// clip_factor: what all gradients are multiplied with so that their norm is at most `clip`; 0 never
// clips. As PyTorch's clip_grad_norm_.
KERNEL(1024, gradient_norm,
       (int pieces, double clip, const double* squares, double* norm, float* clip_factor)) {
  double sum = 0;
  for (int i = thread(); i < pieces; i += 1024) sum += squares[i];
  sum = tree_sum(sum, (double*)shared_memory(), 1024);
  if (thread() == 0) {
    *norm = sqrt(sum);
    double factor = clip / (*norm + 1e-6);
    *clip_factor = clip == 0 || factor > 1 ? 1.0f : (float)factor;
  }
}

// AdamW (Loshchilov and Hutter, 2019), the arithmetic of the CPU back end element by element.
// factors: beta1, 1 - beta1, beta2, 1 - beta2, -lr / (1 - beta1^t), sqrt(1 - beta2^t), 1 - lr · decay.
KERNEL(256, adamw,
       (const Parameter* parameters, const int* piece_parameter, const int* piece_start,
        const float* clip_factor, const float* factors)) {
  Parameter parameter = parameters[piece_parameter[block_x()]];
  int begin = piece_start[block_x()];
  int end = min(parameter.length, begin + ELEMENTS);
  float clip = *clip_factor;
  float decay = parameter.decays ? factors[6] : 1.0f;
  for (int i = begin + thread(); i < end; i += 256) {
    float g = parameter.gradient[i] * clip;
    float first = fmaf(factors[0], parameter.first[i], factors[1] * g);
    float second = fmaf(factors[2], parameter.second[i], factors[3] * (g * g));
    float deviation = sqrtf(second) / factors[5] + 1e-8f;
    float value = fmaf(parameter.value[i], decay, factors[4] * first / deviation);
    parameter.first[i] = first;
    parameter.second[i] = second;
    parameter.value[i] = value;
    parameter.gradient[i] = 0;
    if (parameter.copy) parameter.copy[i] = to_bf16(value);
  }
}
