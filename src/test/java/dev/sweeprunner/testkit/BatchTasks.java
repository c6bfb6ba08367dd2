package dev.sweeprunner.testkit;

import dev.sweeprunner.run.BatchTask;
import dev.sweeprunner.run.BatchTask.Phase;
import java.time.Duration;

/** Slurm tasks for tests. */
public final class BatchTasks {
  private BatchTasks() {}

  /** One that waits, or runs. */
  public static BatchTask task(
      long job, int index, String profile, boolean pending, int restarts, String controller) {
    return new BatchTask(
        job,
        index,
        profile,
        pending ? Phase.PENDING : Phase.RUNNING,
        pending ? "PENDING" : "RUNNING",
        "",
        "",
        restarts,
        Duration.ZERO,
        controller);
  }
}
