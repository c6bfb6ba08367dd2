package dev.sweeprunner.run;

import dev.sweeprunner.config.Point;
import org.jspecify.annotations.Nullable;

/**
 * A claimed run, ready to be trained.
 *
 * @param point what to train
 * @param claim the right to do so
 * @param base the checkpoint to continue from, or null to start at iteration 0
 */
public record ClaimedRun(Point point, Claim claim, @Nullable PublishedCheckpoint base) {}
