package dev.sweeprunner.train.cpu;

import org.jspecify.annotations.Nullable;

/** Linear maps on tiles: out (O, tokens) = W (O, I) · x (I, tokens) + bias. */
abstract class LinearKernel {
  final ThreadPool pool;

  LinearKernel(ThreadPool pool) {
    this.pool = pool;
  }

  final void forward(
      int rows, HostActivation x, float[] weight, float @Nullable [] bias, HostActivation out) {
    multiply(rows, x, weight, x.features(), 1, bias, out);
  }

  final void backwardInput(
      int rows, HostActivation outGradient, float[] weight, HostActivation xGradient) {
    multiply(rows, outGradient, weight, 1, xGradient.features(), null, xGradient);
  }

  final void backwardBias(int rows, HostActivation outGradient, float[] gradient) {
    pool.run(
        gradient.length,
        4L * rows * outGradient.length() * gradient.length,
        (o, scratch) -> {
          double sum = 0;
          for (int block = 0; block < outGradient.blocks(rows); block++) {
            sum += VectorLoops.sum(outGradient.block(block)[o], outGradient.tokens(block, rows));
          }
          gradient[o] += (float) sum;
        });
  }

  /** gradient (O, I) += outGradient · xᵀ, each sum in the order of the tokens. */
  abstract void backwardWeight(
      int rows, HostActivation outGradient, HostActivation x, float[] gradient);

  /** out[o] = start[o] + Σ_k w[o · rowStep + k · step] · x[k], in the order of k. */
  abstract void multiply(
      int rows,
      HostActivation x,
      float[] w,
      int rowStep,
      int step,
      float @Nullable [] start,
      HostActivation out);
}
