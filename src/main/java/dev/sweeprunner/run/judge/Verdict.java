package dev.sweeprunner.run.judge;

import dev.sweeprunner.run.PublishedCheckpoint;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What may happen to a point now, and why. Made by {@link Judge} alone. */
public sealed interface Verdict {
  /** The word for it. */
  State state();

  /** The fact that decided. */
  Because because();

  /** Nothing will ever happen to it by itself. */
  record Ended(State state, Because because) implements Verdict {}

  /** Somebody else has it. */
  record Taken(State state, Because because) implements Verdict {}

  /**
   * Nobody has it, and it cannot be claimed yet.
   *
   * @param left how long, or null where that is not known
   */
  record NotYet(State state, @Nullable Duration left, Because because) implements Verdict {}

  /**
   * This worker may claim it.
   *
   * @param resume the checkpoint to continue from, or null to start at iteration 0
   */
  record Claimable(State state, @Nullable PublishedCheckpoint resume, Because because)
      implements Verdict {}
}
