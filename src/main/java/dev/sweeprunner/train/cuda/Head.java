package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Kernels.HeadGradient;
import org.jspecify.annotations.Nullable;

/** The cross-entropy of the head and its gradients. */
interface Head {
  /** See {@link dev.sweeprunner.train.kernels.Kernels#head}. */
  void run(
      int rows,
      DeviceActivation x,
      DeviceFloats weight,
      TokenBlock tokens,
      @Nullable HeadGradient gradient,
      DeviceTotal loss);
}
