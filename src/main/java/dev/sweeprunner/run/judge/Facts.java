package dev.sweeprunner.run.judge;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.EarlierTraces;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Everything the judge may look at for one point.
 *
 * @param point the point, with its own reason to be invalid if it has one
 * @param refusal why the trainer will never train it, or null
 * @param claim the lock directory's word, read just now
 * @param earlier traces of the earlier runner
 * @param remote the tracking service's word
 * @param scheduler the batch system's word about the newest owner
 * @param sinceFailure how long this process has known of the newest failure (a one-shot reader goes
 *     by the record's wall time); zero where there is none
 * @param sinceLeft how long the run has been without its owner, by the times of its files: only
 *     ever a courtesy rests on it; zero while it has one
 */
public record Facts(
    Point point,
    @Nullable String refusal,
    ClaimState claim,
    EarlierTraces earlier,
    Registry.Remote remote,
    Scheduler.View scheduler,
    Duration sinceFailure,
    Duration sinceLeft) {}
