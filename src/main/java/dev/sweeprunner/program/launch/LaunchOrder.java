package dev.sweeprunner.program.launch;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that one start of a program needs to know, as plain values.
 *
 * @param parameters name to value in the order of the arguments; values are {@link String}, {@link
 *     Long}, {@link java.math.BigInteger}, {@link Double}, {@link Boolean}, {@link List}, {@link
 *     Map} with strings as keys, and null
 * @param call what is called, as the sweep file says it
 * @param names what the run is called, here and at W&amp;B
 * @param place the claim's folders and its token
 * @param surroundings the worker's environment, and what the user wants changed in it
 */
public record LaunchOrder(
    Map<String, @Nullable Object> parameters,
    Call call,
    Names names,
    Place place,
    Surroundings surroundings) {
  /** Copies the parameters; their order stays. */
  public LaunchOrder {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /**
   * What is called.
   *
   * @param program as written in the sweep file: a file, a module, or null where the command needs
   *     none
   * @param command the words with their macros; null or empty for W&amp;B's default {@code ${env}
   *     ${interpreter} ${program} ${args}}
   * @param interpreter what {@code ${interpreter}} stands for: one word, normally {@code python}
   */
  public record Call(@Nullable String program, @Nullable List<String> command, String interpreter) {
    /** Copies the words. */
    public Call {
      command = command == null ? null : List.copyOf(command);
    }
  }

  /**
   * What the run is called.
   *
   * @param runId also the id at W&amp;B
   * @param entity null where W&amp;B's default account is meant
   * @param group the run's group at W&amp;B: the sweep
   * @param name the name that W&amp;B displays
   */
  public record Names(
      String runId, String project, @Nullable String entity, String group, String name) {}

  /**
   * Where one claim of the run works.
   *
   * @param epoch the claim's slot
   * @param claimToken by which every process of this claim is found
   * @param folder the program's working directory
   * @param outDir where the program should write
   * @param paramFolder where the run's parameter files lie, which belong to this run alone
   * @param metrics the file to which the program may append rows
   */
  public record Place(
      int epoch, String claimToken, Path folder, Path outDir, Path paramFolder, Path metrics) {
    /** Makes the paths absolute: the program may change its folder. */
    public Place {
      folder = absolute(folder);
      outDir = absolute(outDir);
      paramFolder = absolute(paramFolder);
      metrics = absolute(metrics);
    }

    private static Path absolute(Path path) {
      return path.toAbsolutePath().normalize();
    }
  }

  /**
   * The environment around the program.
   *
   * @param environment the worker's own
   * @param wandbMode {@code offline} or {@code disabled}: what {@code WANDB_MODE} is set to
   * @param sweepId a value for {@code WANDB_SWEEP_ID}, known to no server
   * @param keepSlurm whether Slurm's variables are passed on as they are
   * @param extra variables that the user sets for the program; they win over all but this program's
   *     own {@code SWEEP_RUNNER_*} and the relay
   * @param relay what leads W&amp;B's client to this worker; empty where it goes to W&amp;B itself
   */
  public record Surroundings(
      Map<String, String> environment,
      Optional<String> wandbMode,
      Optional<String> sweepId,
      boolean keepSlurm,
      Map<String, String> extra,
      Map<String, String> relay) {
    /** Copies the maps; their order stays. */
    public Surroundings {
      environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
      extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
      relay = Collections.unmodifiableMap(new LinkedHashMap<>(relay));
    }
  }

  /** The command's words: the file's, or W&amp;B's default. */
  List<String> words() {
    List<String> command = call.command();
    return command == null || command.isEmpty()
        ? List.of("${env}", "${interpreter}", "${program}", "${args}")
        : command;
  }
}
