// All kernels of the CUDA back end, one module.
#include "attention_fast.cuh"
#include "head.cuh"
#include "norms.cuh"
#include "optimizer.cuh"
#include "products_float.cuh"
#include "tables.cuh"
#include "dropout.cuh"
#include "discriminators.cuh"
