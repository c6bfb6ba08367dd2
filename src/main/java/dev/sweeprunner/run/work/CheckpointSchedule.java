package dev.sweeprunner.run.work;

import dev.sweeprunner.run.Clock;
import java.time.Duration;
import java.util.Set;

/**
 * When checkpoints are due. Permanent ones by iteration; rolling ones by time, never more often
 * than 20 times the measured publish time, and where asked every so many iterations.
 *
 * <p>Belongs to one run and one thread.
 */
final class CheckpointSchedule {
  /** Early iterations whose weights are kept for analysis: the earlier runner's list. */
  private static final Set<Long> MILESTONES =
      Set.of(
          100L,
          850L,
          3_500L,
          7_000L,
          14_000L,
          29_000L,
          60_000L,
          120_000L,
          240_000L,
          500_000L,
          1_000_000L);

  private static final int PUBLISH_SHARE = 20;

  private final CheckpointRules rules;
  private final long evalInterval;
  private final long maxIters;
  private final Clock clock;
  private long lastPublish;
  private Duration pause;

  /** A schedule that starts now. */
  CheckpointSchedule(CheckpointRules rules, long evalInterval, long maxIters, Clock clock) {
    this.rules = rules;
    this.evalInterval = evalInterval;
    this.maxIters = maxIters;
    this.clock = clock;
    this.lastPublish = clock.nanos();
    this.pause = rules.interval();
  }

  /** Whether the checkpoint at boundary {@code iter} stays for good. */
  boolean permanent(long iter) {
    return iter == maxIters
        || (evalInterval > 0 && iter > 0 && iter % evalInterval == 0)
        || MILESTONES.contains(iter);
  }

  /** Whether a checkpoint is due at boundary {@code iter}. */
  boolean due(long iter) {
    return dueByIteration(iter) || clock.nanos() - lastPublish >= pause.toNanos();
  }

  /** Whether it is due whatever the time. */
  boolean dueByIteration(long iter) {
    return permanent(iter) || (rules.everyIterations() > 0 && iter % rules.everyIterations() == 0);
  }

  /** Tells how long a publish took; the next rolling one waits accordingly. */
  void published(Duration took) {
    lastPublish = clock.nanos();
    Duration least = took.multipliedBy(PUBLISH_SHARE);
    pause = least.compareTo(rules.interval()) > 0 ? least : rules.interval();
  }
}
