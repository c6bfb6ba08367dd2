package dev.sweeprunner.run;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Tells a person what this worker does, beside what becomes of its runs. */
public interface Narrator extends RunListener {
  /** News of the worker, one sentence. */
  void say(String news);

  /**
   * How far a sweep is.
   *
   * @param ended points that have ended, as far as this worker knows
   * @param all its points, each run counted once
   * @param left estimated time to its end, or null while unknown
   */
  default void progress(String sweep, int ended, int all, @Nullable Duration left) {}

  /** How a run left this worker's hands. */
  enum Outcome {
    FINISHED,
    FAILED,
    RELEASED,
    /** As released, but its log could not be told: who wants it must see that its owner is gone. */
    LEFT,
    /** The user stopped this run. */
    HELD,
    SUPERSEDED;

    /** Whether the run is to go on with whoever claims it next. */
    public boolean goesOn() {
      return this == RELEASED || this == LEFT;
    }
  }
}
