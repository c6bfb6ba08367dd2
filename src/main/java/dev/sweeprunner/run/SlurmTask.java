package dev.sweeprunner.run;

import org.jspecify.annotations.Nullable;

/**
 * The Slurm job, or array task, in which a worker runs.
 *
 * @param jobId the raw job id
 * @param arrayJobId the array's id, or null outside an array
 * @param arrayTask the task's index, or null outside an array
 * @param restartCount how often Slurm has requeued it; 0 in the first life
 * @param node the node's name as Slurm gives it, or null
 * @param controller identity of the Slurm that runs it, so that no other one is asked about it;
 *     empty where unknown
 */
public record SlurmTask(
    String jobId,
    @Nullable String arrayJobId,
    @Nullable String arrayTask,
    int restartCount,
    @Nullable String node,
    String controller) {
  /** A task of an unknown Slurm. */
  public SlurmTask(
      String jobId,
      @Nullable String arrayJobId,
      @Nullable String arrayTask,
      int restartCount,
      @Nullable String node) {
    this(jobId, arrayJobId, arrayTask, restartCount, node, "");
  }

  /** The id as users write it: {@code 123_4} in an array, else {@code 123}. */
  public String display() {
    return arrayJobId != null && arrayTask != null ? arrayJobId + "_" + arrayTask : jobId;
  }

  /**
   * How many lives lie between: 0 for the same life of the same task, 1 for the one after it; -1
   * for another task, or a later life. A task of an unknown Slurm counts as one of this one.
   */
  public int livesAfter(@Nullable SlurmTask earlier) {
    if (earlier == null || !display().equals(earlier.display())) {
      return -1;
    }
    boolean same =
        controller.isEmpty()
            || earlier.controller.isEmpty()
            || controller.equals(earlier.controller);
    return same ? Math.max(-1, restartCount - earlier.restartCount) : -1;
  }

  /** Whether this is another life of the same task, which Slurm has requeued since. */
  public boolean succeeds(SlurmTask earlier) {
    return !controller.isEmpty()
        && controller.equals(earlier.controller)
        && display().equals(earlier.display())
        && restartCount > earlier.restartCount;
  }
}
