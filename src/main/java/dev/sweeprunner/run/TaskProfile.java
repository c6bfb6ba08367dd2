package dev.sweeprunner.run;

import java.util.List;

/**
 * A kind of Slurm task that may be submitted for a sweep.
 *
 * @param name of letters, digits, {@code -} and {@code _}
 * @param partition where it is submitted to; empty for the site's default
 * @param gpus of one task, as {@code --gpus} takes them; empty for none
 * @param limit most tasks of this kind at a time, pending and running
 * @param workers how many workers one task starts
 * @param flags further words for {@code sbatch}
 * @param script that starts the workers
 */
public record TaskProfile(
    String name,
    String partition,
    String gpus,
    int limit,
    int workers,
    List<String> flags,
    String script) {
  /** Copies the list. */
  public TaskProfile {
    flags = List.copyOf(flags);
  }
}
