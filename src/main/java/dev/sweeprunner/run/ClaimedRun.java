package dev.sweeprunner.run;

import dev.sweeprunner.config.Point;
import org.jspecify.annotations.Nullable;

/**
 * A claimed run, ready to be trained.
 *
 * @param point what to train
 * @param claim the right to do so
 * @param base the checkpoint to continue from, or null to start at iteration 0
 * @param takenOver whether its last owner had gone without a word
 */
public record ClaimedRun(
    Point point, Claim claim, @Nullable PublishedCheckpoint base, boolean takenOver) {
  /** One that nobody has left behind. */
  public ClaimedRun(Point point, Claim claim, @Nullable PublishedCheckpoint base) {
    this(point, claim, base, false);
  }
}
