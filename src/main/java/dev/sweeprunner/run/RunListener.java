package dev.sweeprunner.run;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.run.Narrator.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Hears what becomes of a claimed run, on the worker's thread and in the order of these methods;
 * leaves out what does not matter to it. None of them throws.
 */
public interface RunListener {
  /** A run begins, at iteration {@code from}, as claim number {@code epoch}. */
  default void began(Point point, int epoch, long from) {}

  /**
   * Its session stands.
   *
   * @param size bytes of one of its checkpoints
   * @param took since the work on the claim began
   */
  default void started(long size, Duration took) {}

  /**
   * A row was made.
   *
   * @param tokensPerSecond newest rate, or 0 while unknown
   * @param left estimated time to this run's end, or null while unknown
   */
  default void row(Point point, Row row, double tokensPerSecond, @Nullable Duration left) {}

  /**
   * Update {@code iteration} is complete, and its row made, if it has one.
   *
   * @param took since the one before
   */
  default void completed(long iteration, Duration took, double tokensPerSecond) {}

  /** A checkpoint was published. */
  default void published(Point point, PublishedCheckpoint checkpoint, Duration took) {}

  /** The run is about to leave: the last that its {@code run.log} can hear. */
  default void ending(Outcome outcome, String detail) {}

  /** The run left this worker's hands. */
  default void ended(Point point, Outcome outcome, String detail) {}
}
