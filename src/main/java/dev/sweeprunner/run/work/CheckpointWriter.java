package dev.sweeprunner.run.work;

import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Checkpoints;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * One run's checkpoints on their way into its log, one at a time: a snapshot is written and hashed
 * by the session's executor, and published by the worker's thread at the next boundary at which
 * that is done. So a device goes on training while the disk works.
 *
 * <p>The order of {@link Commit} is untouched: nothing that others read changes before the write is
 * whole, and a kill in between leaves garbage under this epoch's names. It belongs to the worker's
 * thread.
 */
final class CheckpointWriter {
  private final Commit commit;
  private final CheckpointSchedule schedule;
  private final Clock clock;
  private final Executor executor;
  private @Nullable Saving saving;
  private String phase = "train";

  CheckpointWriter(Commit commit, CheckpointSchedule schedule, Clock clock, Executor executor) {
    this.commit = commit;
    this.schedule = schedule;
    this.clock = clock;
    this.executor = executor;
  }

  /** Whether something is to be done at this boundary: a checkpoint begun, or one published. */
  boolean due(long iter) {
    Saving current = saving;
    return current == null
        ? schedule.due(iter)
        : current.staged.isDone() || schedule.dueByIteration(iter);
  }

  /** Begins to write a snapshot; none other may be under way. */
  void begin(Snapshot snapshot) {
    if (saving != null) {
      throw new IllegalStateException("a checkpoint is being written");
    }
    boolean permanent = schedule.permanent(snapshot.iter());
    Saving next =
        new Saving(
            snapshot, clock.nanos(), new FutureTask<>(() -> commit.stage(snapshot, permanent)));
    saving = next;
    executor.execute(next.staged);
  }

  /** Whether a snapshot is under way and its write has ended, well or not. */
  boolean written() {
    return saving != null && saving.staged.isDone();
  }

  /** Whether a snapshot is under way. */
  boolean busy() {
    return saving != null;
  }

  /**
   * Publishes the snapshot under way; waits until it is written.
   *
   * @return how long all of it took, or null if another worker has taken over
   * @throws IOException if it could not be written; nothing was changed then
   */
  @Nullable Duration publish() throws IOException {
    Saving current = Objects.requireNonNull(saving);
    Duration took = Duration.ZERO;
    try {
      if (!commit.publish(current.snapshot, () -> staged(current))) {
        return null;
      }
      took = Duration.ofNanos(clock.nanos() - current.began);
      phase = "train";
      return took;
    } catch (IOException refused) {
      phase = Liveness.unsaved(Why.of(refused));
      throw refused;
    } finally {
      saving = null;
      schedule.published(took);
    }
  }

  /** What the beat says between checkpoints: that it trains, or why the newest was refused. */
  String phase() {
    return phase;
  }

  /** Waits for the write under way, whatever comes of it, and forgets it. */
  void abandon() {
    Saving current = saving;
    saving = null;
    if (current != null) {
      try {
        staged(current);
      } catch (IOException | RuntimeException forgotten) {
        // Its files go with all others of this epoch.
      }
    }
  }

  private static Checkpoints.Staged staged(Saving saving) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return saving.staged.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw raised(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static IOException raised(ExecutionException failure) {
    Throwable cause = failure.getCause();
    if (cause instanceof IOException refused) {
      return refused;
    }
    if (cause instanceof RuntimeException fault) {
      throw fault;
    }
    if (cause instanceof Error fault) {
      throw fault;
    }
    return new IOException(cause);
  }

  private record Saving(Snapshot snapshot, long began, FutureTask<Checkpoints.Staged> staged) {}
}
