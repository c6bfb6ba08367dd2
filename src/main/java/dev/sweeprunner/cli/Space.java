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
