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

  /** When Slurm said so beside the answers. */
  private volatile long asked = Long.MIN_VALUE;

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

  /** Slurm said just now that so much is left: newer than any answer there is. */
  void said(Duration left) {
    long now = clock.nanos();
    limit = now + left.toNanos();
    asked = now;
  }

  @Override
  public Optional<Duration> left() {
    Snapshot seen = queue.look(own, FRESH);
    if (seen.said() > asked) {
      seen.row(own.display())
          .filter(row -> row.restarts() == own.restartCount())
          .ifPresent(row -> limit = end(seen, row.left()));
    }
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

  private static @Nullable Long end(Snapshot seen, @Nullable Duration left) {
    return left == null ? null : Long.valueOf(seen.said() + left.toNanos());
  }

  private static Duration notNegative(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }
}
