package dev.sweeprunner.slurm;

import dev.sweeprunner.run.SlurmTask;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What Slurm tells a task in its environment. */
public final class SlurmEnvironment {
  private SlurmEnvironment() {}

  /**
   * The task this process runs in, or empty outside Slurm.
   *
   * <p>A task counts as part of an array only if both the array's id and the index are there and
   * are numbers. {@code sbatch} hands on the environment it was called in, so a job submitted from
   * within an array task may look like one; that changes names, never a claim.
   */
  public static Optional<SlurmTask> task(Map<String, String> environment) {
    var job = number(environment, "SLURM_JOB_ID");
    if (job == null) {
      return Optional.empty();
    }
    var array = number(environment, "SLURM_ARRAY_JOB_ID");
    var index = number(environment, "SLURM_ARRAY_TASK_ID");
    boolean inArray = array != null && index != null;
    return Optional.of(
        new SlurmTask(
            job,
            inArray ? array : null,
            inArray ? index : null,
            restarts(environment),
            text(environment, "SLURMD_NODENAME")));
  }

  /**
   * The default name of a worker: cluster and job or array task, which no other has and which stay
   * the same over requeues; where a step has several tasks, the task's rank too.
   */
  public static String workerName(String cluster, SlurmTask task, Map<String, String> environment) {
    var tasks = number(environment, "SLURM_STEP_NUM_TASKS");
    var rank = number(environment, "SLURM_PROCID");
    boolean several = tasks != null && rank != null && !tasks.equals("1");
    return cluster + "-" + task.display() + (several ? "-" + rank : "");
  }

  private static int restarts(Map<String, String> environment) {
    var count = number(environment, "SLURM_RESTART_COUNT");
    return count == null || count.length() > 9 ? 0 : Integer.parseInt(count);
  }

  private static @Nullable String number(Map<String, String> environment, String name) {
    var text = text(environment, name);
    return text != null && text.matches("[0-9]+") ? text : null;
  }

  private static @Nullable String text(Map<String, String> environment, String name) {
    var text = environment.get(name);
    return text == null || text.isBlank() ? null : text.strip();
  }
}
