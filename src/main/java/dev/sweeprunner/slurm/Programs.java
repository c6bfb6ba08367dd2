package dev.sweeprunner.slurm;

import dev.sweeprunner.program.Command;
import dev.sweeprunner.program.Command.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Slurm's own programs, in English and without the user's habits: variables that change what they
 * print, or that describe the job around this process, are taken away.
 */
final class Programs {
  private static final int KEPT = 32 * 1024 * 1024;

  private final String folder;

  /**
   * Those in one folder.
   *
   * @param folder empty: those on the path
   */
  Programs(String folder) {
    this.folder = folder.isEmpty() ? "" : folder + "/";
  }

  /**
   * Runs one to its end.
   *
   * @param words the program and its arguments
   * @param limit after which it is ended
   */
  Outcome run(Duration limit, List<String> words) {
    List<String> line = new ArrayList<>(words);
    line.set(0, folder + words.get(0));
    return Command.run(line, Path.of("").toAbsolutePath(), Programs::clean, limit, KEPT);
  }

  /** Why there is no answer, in one line. */
  static String why(String program, Outcome outcome) {
    if (outcome instanceof Outcome.Ended ended) {
      String said = ended.err().strip().lines().findFirst().orElse("exit code " + ended.exit());
      return program + " failed: " + said;
    }
    return outcome instanceof Outcome.TimedOut late
        ? program + " gave no answer within " + late.limit().toMillis() / 1000.0 + " s"
        : ((Outcome.NotStarted) outcome).why();
  }

  /** What {@code sbatch} would hand on to the new job, and what bends the programs' output. */
  private static void clean(Map<String, String> variables) {
    variables
        .keySet()
        .removeIf(
            name ->
                name.matches("(SLURM|SLURMD|SQUEUE|SBATCH|SCANCEL|SACCT|SCONTROL)_.*")
                    && !name.equals("SLURM_CONF"));
    variables.put("LC_ALL", "C");
  }
}
