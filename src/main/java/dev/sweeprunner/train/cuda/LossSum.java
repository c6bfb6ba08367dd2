package dev.sweeprunner.train.cuda;

/** Adds the tokens' losses to a total, in their order. */
final class LossSum {
  private static final int THREADS = 1024;

  private final Launcher launcher;

  LossSum(Launcher launcher) {
    this.launcher = launcher;
  }

  void add(Quanta quanta, long losses, DeviceTotal total) {
    launcher
        .kernel("loss_sum")
        .block(THREADS)
        .shared(THREADS * Double.BYTES)
        .ints(quanta.tokens(), quanta.quantum())
        .addresses(losses, total.address())
        .run();
  }
}
