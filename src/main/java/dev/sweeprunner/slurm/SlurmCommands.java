package dev.sweeprunner.slurm;

import dev.sweeprunner.process.Command;
import dev.sweeprunner.process.Command.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Slurm's own programs, in English and without the user's habits: variables that change what they
 * print, or that describe the job around this process, are taken away.
 */
final class SlurmCommands {
  private static final int KEPT = 32 * 1024 * 1024;

  private final String folder;

  /**
   * Those in one folder.
   *
   * @param folder empty: those on the path
   */
  SlurmCommands(String folder) {
    this.folder = folder.isEmpty() ? "" : folder + "/";
  }

  /**
   * Runs one to its end.
   *
   * @param words the program and its arguments
   * @param limit after which it is ended
   */
  Outcome run(Duration limit, List<String> words) {
    return run(limit, words, SlurmCommands::clean);
  }

  /**
   * Runs one that hands its environment on: the user's own, without what belongs to the job around
   * this process.
   */
  Outcome runForUser(Duration limit, List<String> words) {
    return run(limit, words, SlurmCommands::leave);
  }

  private Outcome run(
      Duration limit, List<String> words, Consumer<Map<String, String>> environment) {
    List<String> line = new ArrayList<>(words);
    line.set(0, folder + words.get(0));
    return Command.run(line, Path.of("").toAbsolutePath(), environment, limit, KEPT);
  }

  /** What it printed; empty where it gave no answer. */
  static Optional<String> said(Outcome outcome) {
    return outcome instanceof Outcome.Ended ended && ended.exit() == 0
        ? Optional.of(ended.out())
        : Optional.empty();
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

  /** Whether a variable describes the job around this process, or bends the programs' output. */
  static boolean ofAnotherJob(String name, Map<String, String> variables) {
    return (name.matches("(SLURM|SLURMD|SQUEUE|SBATCH|SCANCEL|SACCT|SCONTROL)_.*")
            && !name.equals("SLURM_CONF"))
        // Where Slurm gave the job GPUs, it set this too.
        || (name.equals("CUDA_VISIBLE_DEVICES") && variables.containsKey("SLURM_JOB_GPUS"));
  }

  private static void leave(Map<String, String> variables) {
    Map<String, String> all = Map.copyOf(variables);
    variables.keySet().removeIf(name -> ofAnotherJob(name, all));
  }

  private static void clean(Map<String, String> variables) {
    leave(variables);
    variables.put("LC_ALL", "C");
  }
}
