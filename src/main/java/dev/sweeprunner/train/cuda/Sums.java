package dev.sweeprunner.train.cuda;

/** Adds in a fixed order: partial sums to a gradient, and losses to a total. */
final class Sums {
  private static final int PER_BLOCK = 32;
  private static final int SHARED = 8 * 32 * Float.BYTES;
  private static final int LOSS_THREADS = 1024;

  private final Launcher launcher;

  Sums(Launcher launcher) {
    this.launcher = launcher;
  }

  /** Adds partial sums that lie one behind the other. */
  void add(int length, Quanta.Pieces pieces, long partial, long gradient) {
    add(length, length, pieces, partial, gradient);
  }

  /** Adds one sum of this length. */
  void add(int length, long addend, long to) {
    add(length, length, new Quanta.Pieces(0, 1, 1), addend, to);
  }

  /**
   * Adds partial sums in the order of the quanta that they belong to.
   *
   * @param length of the gradient
   * @param stride numbers from one piece's partial sums to the next piece's
   */
  void add(int length, int stride, Quanta.Pieces pieces, long partial, long gradient) {
    launcher
        .kernel("reduce_ordered")
        .grid(Launcher.cover(length, PER_BLOCK))
        .shared(SHARED)
        .ints(length, stride, pieces.count(), pieces.perQuantum())
        .addresses(partial, gradient)
        .run();
  }

  /** Adds the tokens' losses, in their order. */
  void addLosses(Quanta quanta, long losses, DeviceTotal total) {
    launcher
        .kernel("loss_sum")
        .block(LOSS_THREADS)
        .shared(LOSS_THREADS * Double.BYTES)
        .ints(quanta.tokens(), quanta.quantum())
        .addresses(losses, total.address())
        .run();
  }
}
