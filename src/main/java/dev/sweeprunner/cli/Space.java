package dev.sweeprunner.cli;

import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.run.Training;

/** How much room checkpoints take on disk, estimated from above. */
final class Space {
  /** Early iterations whose weights the cadence keeps for analysis, at most. */
  private static final int EARLY = 11;

  private static final int WHOLE = 2;

  private Space() {}

  /**
   * What is needed beside what there is.
   *
   * @param free negative where that is unknown
   */
  record Need(long bytes, long free) {
    void tell(Paragraphs print) {
      String has =
          free < 0
              ? "how much is free is unknown"
              : HumanFormat.bytes(free) + " are free in the storage root";
      print.line(
          "Disk: the checkpoints of what is left need at most "
              + HumanFormat.bytes(bytes)
              + "; "
              + has
              + ".");
      if (free >= 0 && free < bytes) {
        print.line("That may not be enough: free some space, or raise training.eval_interval.");
      }
    }
  }

  /**
   * Bytes that a run leaves: its two newest checkpoints whole, and the weights of each permanent
   * one, made at every evaluation and at a few early iterations.
   */
  static long of(RunConfig config, Training.Size size) {
    long iterations = config.maxIters();
    long interval = config.evalInterval();
    long permanent = Math.min(iterations, EARLY) + (interval > 0 ? iterations / interval : 0);
    return WHOLE * size.whole() + permanent * size.weights();
  }
}
