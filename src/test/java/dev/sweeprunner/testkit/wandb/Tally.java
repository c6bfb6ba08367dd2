package dev.sweeprunner.testkit.wandb;

import org.jspecify.annotations.Nullable;

/** Line counts and last lines of a run's streamed files. */
record Tally(
    int history, int events, int log, @Nullable String historyTail, @Nullable String eventsTail) {
  static final Tally NONE = new Tally(0, 0, 0, null, null);
}
