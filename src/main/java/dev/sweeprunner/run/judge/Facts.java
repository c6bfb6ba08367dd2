package dev.sweeprunner.run.judge;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.problem.Obstacle;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.EarlierTraces;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Everything the judge may look at for one run.
 *
 * @param key the run's names
 * @param goal what it is to become, or null where its config is not known
 * @param invalid why its config can never run, or null
 * @param refusal why the trainer will never train it, or null
 * @param claim the lock directory's word, read just now
 * @param earlier traces of the earlier runner
 * @param remote W&amp;B's word
 * @param scheduler Slurm's word about the newest owner
 * @param sinceFailure how long this process has known of the newest failure (a one-shot reader goes
 *     by the record's wall time); zero where there is none
 * @param sinceLeft how long the run has been without its owner, by the times of its files: only
 *     ever a courtesy rests on it; zero while it has one
 * @param obstacle what right this user lacks to work on it, or null; asked only where it matters
 */
public record Facts(
    RunKey key,
    @Nullable Goal goal,
    @Nullable String invalid,
    @Nullable String refusal,
    ClaimState claim,
    EarlierTraces earlier,
    Registry.Remote remote,
    Scheduler.View scheduler,
    Duration sinceFailure,
    Duration sinceLeft,
    @Nullable Obstacle obstacle) {
  /** Facts of a user who lacks no right. */
  public Facts(
      RunKey key,
      @Nullable Goal goal,
      @Nullable String invalid,
      @Nullable String refusal,
      ClaimState claim,
      EarlierTraces earlier,
      Registry.Remote remote,
      Scheduler.View scheduler,
      Duration sinceFailure,
      Duration sinceLeft) {
    this(
        key,
        goal,
        invalid,
        refusal,
        claim,
        earlier,
        remote,
        scheduler,
        sinceFailure,
        sinceLeft,
        null);
  }

  /** The same for a user who lacks this right. */
  public Facts with(@Nullable Obstacle lacking) {
    return new Facts(
        key,
        goal,
        invalid,
        refusal,
        claim,
        earlier,
        remote,
        scheduler,
        sinceFailure,
        sinceLeft,
        lacking);
  }
}
