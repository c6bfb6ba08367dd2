package dev.sweeprunner.run;

import dev.sweeprunner.config.Point;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Tells a person what this worker does. Called from the worker's thread. */
public interface Narrator {
  /** News of the worker, one sentence. */
  void say(String news);

  /** A run begins, at iteration {@code from}, as claim number {@code epoch}. */
  void began(Point point, int epoch, long from);

  /**
   * A row was made.
   *
   * @param tokensPerSecond newest rate, or 0 while unknown
   * @param left estimated time to this run's end, or null while unknown
   */
  void row(Point point, Row row, double tokensPerSecond, @Nullable Duration left);

  /** A checkpoint was published. */
  void published(Point point, PublishedCheckpoint checkpoint, Duration took);

  /** The run left this worker's hands. */
  void ended(Point point, Outcome outcome, String detail);

  /** How a run left this worker's hands. */
  enum Outcome {
    FINISHED,
    FAILED,
    RELEASED,
    /** The user stopped this run. */
    HELD,
    SUPERSEDED
  }
}
