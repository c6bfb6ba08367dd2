package dev.sweeprunner.train.cuda;

/** LayerNorm. */
final class NormOps {
  private static final int PIECE = 128;

  private final Launcher launcher;
  private final Scratch scratch;
  private final OrderedSums sums;

  NormOps(Launcher launcher, Scratch scratch) {
    this.launcher = launcher;
    this.scratch = scratch;
    this.sums = new OrderedSums(launcher);
  }

  /** Bytes of scratch memory for the gradients. */
  static long scratch(Quanta quanta, int features) {
    return 2L * Float.BYTES * quanta.pieces(PIECE).count() * features;
  }

  /**
   * The forward pass.
   *
   * @param bias address, or 0
   */
  void forward(
      int rows,
      DeviceActivation x,
      long weight,
      long bias,
      DeviceActivation out,
      DeviceActivation statistics) {
    int n = x.tokens(rows);
    launcher
        .kernel("layer_norm" + out.format().suffix())
        .grid(Launcher.cover(n, 8))
        .ints(n, x.features())
        .addresses(x.address(), weight, bias, out.address(), statistics.address())
        .run();
  }

  /** What the backward pass reads and writes beside the parameters. */
  record Flow(
      DeviceActivation outGradient,
      DeviceActivation x,
      DeviceActivation statistics,
      DeviceActivation xGradient) {}

  /**
   * The backward pass.
   *
   * @param biasGradient address, or 0
   */
  void backward(int rows, Flow flow, long weight, long weightGradient, long biasGradient) {
    Quanta quanta = Quanta.of(rows, flow.x.length());
    Quanta.Pieces pieces = quanta.pieces(PIECE);
    int features = flow.x.features();
    long partial = scratch.begin().take(scratch(quanta, features));
    launcher
        .kernel("layer_norm_backward" + flow.outGradient.format().suffix())
        .block(128)
        .grid(pieces.count())
        .shared(8 * features * Float.BYTES)
        .ints(quanta.tokens(), features, quanta.quantum(), pieces.tokens(), pieces.perQuantum())
        .addresses(flow.outGradient.address(), flow.x.address(), flow.statistics.address())
        .addresses(weight, flow.xGradient.address(), partial)
        .run();
    sums.add(features, 2 * features, pieces, partial, weightGradient);
    if (biasGradient != 0) {
      long second = partial + (long) Float.BYTES * features;
      sums.add(features, 2 * features, pieces, second, biasGradient);
    }
  }
}
