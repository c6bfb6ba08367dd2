package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Kernels.Norm;

/** LayerNorm. */
final class NormOps {
  private static final int PIECE = 128;

  private final Launcher launcher;
  private final DeviceScratch scratch;
  private final Sums sums;

  NormOps(Launcher launcher, DeviceScratch scratch, Sums sums) {
    this.launcher = launcher;
    this.scratch = scratch;
    this.sums = sums;
  }

  /** Bytes of scratch memory for the gradients. */
  static long scratch(Quanta quanta, int features) {
    return 2L * Float.BYTES * quanta.pieces(PIECE).count() * features;
  }

  void forward(int rows, DeviceActivation x, Norm norm, DeviceActivation out) {
    int n = x.tokens(rows);
    launcher
        .kernel("layer_norm" + out.type().suffix())
        .grid(Launcher.cover(n, 8))
        .ints(n, x.features())
        .addresses(x.address(), DeviceFloats.value(norm.weight()), DeviceFloats.value(norm.bias()))
        .addresses(out.address(), statistics(norm))
        .run();
  }

  void backward(
      int rows,
      DeviceActivation outGradient,
      DeviceActivation x,
      Norm norm,
      DeviceActivation xGradient) {
    Quanta quanta = Quanta.of(rows, x.length());
    Quanta.Pieces pieces = quanta.pieces(PIECE);
    int features = x.features();
    long partial = scratch.begin().take(scratch(quanta, features));
    launcher
        .kernel("layer_norm_backward" + outGradient.type().suffix())
        .block(128)
        .grid(pieces.count())
        .shared(8 * features * Float.BYTES)
        .ints(quanta.tokens(), features, quanta.quantum(), pieces.tokens(), pieces.perQuantum())
        .addresses(outGradient.address(), x.address(), statistics(norm))
        .addresses(DeviceFloats.value(norm.weight()), xGradient.address(), partial)
        .run();
    sums.add(features, 2 * features, pieces, partial, DeviceFloats.gradient(norm.weight()));
    if (norm.bias() != null) {
      long second = partial + (long) Float.BYTES * features;
      sums.add(features, 2 * features, pieces, second, DeviceFloats.gradient(norm.bias()));
    }
  }

  private static long statistics(Norm norm) {
    return ((DeviceActivation) norm.statistics()).address();
  }
}
