package dev.sweeprunner.program.launch;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slurm's variables as a program should see them that is one process of its own, whatever the
 * worker's job looks like. Pure.
 *
 * <p>Only the place of the process among others is changed; job, array, node and devices stay
 * readable ({@code SLURM_JOB_ID}, {@code SLURM_ARRAY_TASK_ID}, {@code SLURM_JOB_GPUS}, ...). {@code
 * srun} inside a program would take its number of tasks from here; such a program needs the
 * variables as they are.
 */
final class SlurmVariables {
  /**
   * Lightning takes a process for srun's, handles SIGUSR1 by requeueing the worker's job and sets
   * its ranks from Slurm, where SLURM_NTASKS is set and the job is called neither {@code bash} nor
   * {@code interactive}. The name is its own off switch, and the one change that it needs.
   */
  private static final Map<String, String> ALWAYS = Map.of("SLURM_JOB_NAME", "bash");

  /**
   * Changed where they are set: a second worker of the same job is not rank 1 of the first one's
   * training. Lightning logs and saves at rank 0 only, by SLURM_PROCID, whatever the job's name;
   * others (timm, open_clip) wait for SLURM_NTASKS processes.
   */
  private static final Map<String, String> WHERE_SET =
      Map.of(
          "SLURM_NTASKS", "1",
          "SLURM_NPROCS", "1",
          "SLURM_PROCID", "0",
          "SLURM_LOCALID", "0",
          "SLURM_NODEID", "0");

  private SlurmVariables() {}

  /** What to set in this environment; nothing outside a job. */
  static Map<String, String> changes(Map<String, String> environment) {
    if (!environment.containsKey("SLURM_JOB_ID") && !environment.containsKey("SLURM_NTASKS")) {
      return Map.of();
    }
    Map<String, String> changes = new LinkedHashMap<>(ALWAYS);
    WHERE_SET.forEach(
        (name, value) -> {
          if (environment.containsKey(name)) {
            changes.put(name, value);
          }
        });
    return changes;
  }
}
