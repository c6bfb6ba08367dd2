package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.BatchTask;
import dev.sweeprunner.run.BatchTask.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A task that has not ended, and what may be expected of it.
 *
 * @param task Slurm's word
 * @param held how many runs it holds
 * @param awaited whether it comes back for a run
 * @param free how many more runs it can take, were it to start
 * @param sweeps that it was sent for; empty means all
 * @param stuck whether it has run for long beside work that it did not claim
 */
record Member(
    BatchTask task, int held, boolean awaited, int free, Set<String> sweeps, boolean stuck) {
  /** A start that takes longer beside claimable work is none. */
  static final Duration PATIENCE = Duration.ofMinutes(30);

  static Member of(BatchTask task, Demand demand, int workers, @Nullable Known known, Instant now) {
    int held = demand.held(task);
    boolean awaited = demand.awaited().contains(task.id());
    boolean stuck =
        known != null && known.idle != null && Times.since(known.idle, now).compareTo(PATIENCE) > 0;
    return new Member(
        task,
        held,
        awaited,
        awaited ? 0 : Math.max(0, workers - held),
        known == null ? Set.of() : known.sweeps,
        stuck);
  }

  /** How many runs it can be counted on to take. */
  int places() {
    return task.phase() == Phase.BLOCKED || task.phase() == Phase.SUSPENDED || stuck ? 0 : free;
  }

  /** Whether it may be cancelled without a loss. */
  boolean spare() {
    return task.pending() && held == 0 && !awaited;
  }

  boolean blocked() {
    return task.phase() == Phase.BLOCKED;
  }
}
