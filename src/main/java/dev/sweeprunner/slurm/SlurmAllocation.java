package dev.sweeprunner.slurm;

import dev.sweeprunner.run.Allocation;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.SlurmTask;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The time that Slurm leaves this process's job: until its time limit, and after a SIGTERM no
 * longer than {@code KillWait}. Any thread.
 */
final class SlurmAllocation implements Allocation {
  /** Limits change rarely; one that was shortened or extended is noticed after this time. */
  private static final Duration FRESH = Duration.ofMinutes(5);

  private static final Duration USUAL_KILL_WAIT = Duration.ofSeconds(30);

  private final Queue queue;
  private final Clock clock;
  private final SlurmTask own;
  private volatile @Nullable Long terminated;

  /** When the job ends, by the newest answer that said so: it outlives answers that do not. */
  private volatile @Nullable Long limit;

  SlurmAllocation(Queue queue, Clock clock, SlurmTask own) {
    this.queue = queue;
    this.clock = clock;
    this.own = own;
  }

  /** This process got a SIGTERM, now. Only the first counts. */
  void terminated() {
    if (terminated == null) {
      terminated = clock.nanos();
    }
  }

  @Override
  public Optional<Duration> left() {
    Snapshot seen = queue.look(FRESH);
    seen.row(own.display())
        .filter(row -> row.restarts() == own.restartCount())
        .ifPresent(row -> limit = row.left() == null ? null : seen.asked() + row.left().toNanos());
    long now = clock.nanos();
    Long since = terminated;
    if (since != null) {
      SlurmSite site = seen.site();
      Duration killWait = site == null ? USUAL_KILL_WAIT : site.killWait();
      return Optional.of(notNegative(killWait.minusNanos(now - since)));
    }
    Long end = limit;
    return end == null ? Optional.empty() : Optional.of(notNegative(Duration.ofNanos(end - now)));
  }

  private static Duration notNegative(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }
}
