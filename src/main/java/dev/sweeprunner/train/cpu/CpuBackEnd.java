package dev.sweeprunner.train.cpu;

import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.Kernels;

/**
 * This machine's processors, always in float32.
 *
 * @param threads that compute, at least 1; the results do not depend on it
 */
public record CpuBackEnd(int threads) implements BackEnd {
  @Override
  public String device() {
    return "cpu, " + threads + (threads == 1 ? " thread" : " threads");
  }

  @Override
  public Kernels open(Wish wish) {
    return new CpuKernels(threads);
  }
}
