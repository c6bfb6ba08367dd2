package dev.sweeprunner.run;

import java.time.Duration;
import java.util.Comparator;

/**
 * A task in Slurm's queue that was submitted by {@code scale}, ended ones that Slurm still
 * remembers included.
 *
 * @param job the array's id, or the job's own outside an array
 * @param index in the array, or -1 outside one
 * @param profile name of the {@link TaskProfile} that it was made from
 * @param phase what may be expected of it
 * @param state Slurm's own long word, for example {@code RUNNING}
 * @param reason why it is in that state, in Slurm's word; empty where it says none
 * @param exit exit code and signal of one that has ended, as {@code 1:0}; else empty
 * @param restarts how often it was requeued
 * @param used how long its present life has run; zero before its start
 * @param controller identity of the Slurm
 */
public record BatchTask(
    long job,
    int index,
    String profile,
    Phase phase,
    String state,
    String reason,
    String exit,
    int restarts,
    Duration used,
    String controller) {
  /** The task that was submitted last comes first. */
  public static final Comparator<BatchTask> NEWEST =
      Comparator.comparingLong(BatchTask::job).thenComparingInt(BatchTask::index).reversed();

  /** What may be expected of a task. */
  public enum Phase {
    /** It waits for its start, or for the next one after a requeue. */
    PENDING,
    /** It waits for what may never come: held, beyond a limit, in a partition that is closed. */
    BLOCKED,
    /** It runs, is about to, or is ending while its processes still live. */
    RUNNING,
    /** It holds its place and does nothing. */
    SUSPENDED,
    /** Nothing is left of it but Slurm's memory. */
    ENDED
  }

  /** The id as users write it. */
  public String id() {
    return index < 0 ? Long.toString(job) : job + "_" + index;
  }

  /** Whether it has not started, or waits again after a requeue. */
  public boolean pending() {
    return phase == Phase.PENDING || phase == Phase.BLOCKED;
  }

  /** Whether it has ended. */
  public boolean ended() {
    return phase == Phase.ENDED;
  }
}
