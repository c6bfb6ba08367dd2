package dev.sweeprunner.run.work;

import java.time.Duration;

/**
 * When checkpoints are made.
 *
 * @param interval between rolling checkpoints
 * @param everyIterations also at multiples of this; 0 for never
 * @param retryFor how long the last checkpoint of a run is tried again when it cannot be written
 */
public record CheckpointRules(Duration interval, long everyIterations, Duration retryFor) {}
