package dev.sweeprunner.slurm;

import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.TimeBudget;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a warning signal means to a worker: to leave now, or only that its end is near.
 *
 * <p>Slurm's {@code --signal} comes up to a minute earlier than it was asked for, so the signal
 * does not say how much time is left; Slurm's own end does. The warning of an end that leaves time
 * for a checkpoint is taken note of, and the worker goes on until its own clock says to leave. Far
 * from the end a signal is a person's, or a preemption's, and so is a second one. Any thread, one
 * at a time.
 */
final class EarlyWarning {
  /** One signal may arrive several times; a second one that comes later than this is meant. */
  private static final Duration AGAIN = Duration.ofSeconds(5);

  /** How long what is not known yet is waited for, while the time runs. */
  private static final Duration BRIEFLY = Duration.ofSeconds(5);

  private final Slurm slurm;
  private final Clock clock;
  private final Consumer<String> news;
  private final CompletableFuture<Time> known = new CompletableFuture<>();
  private @Nullable Long first;
  private boolean leaves;

  /**
   * Nothing was heard yet.
   *
   * @param news hears why a warning does not end the work
   */
  EarlyWarning(Slurm slurm, Clock clock, Consumer<String> news) {
    this.slurm = slurm;
    this.clock = clock;
    this.news = news;
  }

  /** From now on it is known how much time there is, and what fits into it. */
  void over(SlurmAllocation allocation, TimeBudget budget) {
    known.complete(new Time(allocation, budget));
  }

  /** Whether this signal, which came now, means to leave now. */
  boolean leaves(String signal) {
    return leaves(signal, clock.nanos());
  }

  private synchronized boolean leaves(String signal, long now) {
    Long before = first;
    if (before == null) {
      first = now;
      leaves = meansLeave(signal);
    } else if (now - before >= AGAIN.toNanos()) {
      leaves = true;
    }
    return leaves;
  }

  private boolean meansLeave(String signal) {
    Time time = time();
    if (time == null || (time.budget.left().isPresent() && !time.goesOn())) {
      return true;
    }
    Map<String, String> job = slurm.job(BRIEFLY).map(Requeue::members).orElse(Map.of());
    left(job).ifPresent(time.allocation::said);
    if (Requeue.preempted(job) || !time.goesOn()) {
      return true;
    }
    news.accept(signal + " warns of the job's time limit: " + time.words());
    return false;
  }

  private @Nullable Time time() {
    try {
      return known.get(BRIEFLY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } catch (ExecutionException | TimeoutException notYet) {
      return null;
    }
  }

  private static Optional<Duration> left(Map<String, String> job) {
    Duration limit = SlurmTime.parse(job.getOrDefault("TimeLimit", ""));
    Duration used = SlurmTime.parse(job.getOrDefault("RunTime", ""));
    return limit == null || used == null ? Optional.empty() : Optional.of(limit.minus(used));
  }

  private record Time(SlurmAllocation allocation, TimeBudget budget) {
    /** Whether the end is what a signal is about, with time for a checkpoint before it. */
    private boolean goesOn() {
      return budget.nearEnd() && seconds(budget.spare()) > 0;
    }

    private String words() {
      return seconds(budget.left())
          + " s are left, and this worker goes on for "
          + seconds(budget.spare())
          + " s of them. Another such signal makes it leave at once.";
    }

    private static long seconds(Optional<Duration> time) {
      return time.orElse(Duration.ZERO).toSeconds();
    }
  }
}
