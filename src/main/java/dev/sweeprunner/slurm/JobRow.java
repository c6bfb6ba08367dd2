package dev.sweeprunner.slurm;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One job or array task in {@code squeue}'s answer.
 *
 * @param arrayJob the array's id; the job's own outside an array
 * @param arrayTask the index, or null outside an array
 * @param rawId the job's own id; of an array task that has not started it says nothing
 * @param state the long word, for example {@code RUNNING}
 * @param restarts how often it was requeued
 * @param left until the time limit; null where there is none or none is known
 * @param used time of this life
 * @param reason why it is in that state; empty where Slurm says None
 * @param partition where it runs or waits; empty where it was not asked for
 * @param name the job's name; empty where it was not asked for
 * @param exit exit code and signal, as {@code 1:0}; empty where they were not asked for
 */
record JobRow(
    String arrayJob,
    @Nullable String arrayTask,
    String rawId,
    String state,
    int restarts,
    @Nullable Duration left,
    Duration used,
    String reason,
    String partition,
    String name,
    String exit) {
  /** The id as users write it. */
  public String id() {
    return arrayTask == null ? arrayJob : arrayJob + "_" + arrayTask;
  }
}
