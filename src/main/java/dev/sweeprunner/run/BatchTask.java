package dev.sweeprunner.run;

import java.util.Comparator;

/**
 * A task in Slurm's queue that was submitted for a sweep and has not ended.
 *
 * @param job the array's id, or the job's own outside an array
 * @param index in the array, or -1 outside one
 * @param profile name of the {@link TaskProfile} that it was made from
 * @param pending whether it has not started, or waits again after a requeue
 * @param restarts how often it was requeued
 * @param controller identity of the Slurm
 */
public record BatchTask(
    long job, int index, String profile, boolean pending, int restarts, String controller) {
  /** The task that was submitted last comes first. */
  public static final Comparator<BatchTask> NEWEST =
      Comparator.comparingLong(BatchTask::job).thenComparingInt(BatchTask::index).reversed();

  /** The id as users write it. */
  public String id() {
    return index < 0 ? Long.toString(job) : job + "_" + index;
  }
}
