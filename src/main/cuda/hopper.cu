// The kernels for compute capability 9.0a alone: they take the place of those of kernels.cu that have the
// same work.
#define SHARED_ALIGNMENT 1024
#include "head_hopper.cuh"
#include "products_hopper.cuh"
