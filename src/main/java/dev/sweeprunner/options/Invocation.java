package dev.sweeprunner.options;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the user asked for, checked. Immutable; safe for all threads.
 *
 * @param command the command
 * @param sweeps the sweep files, the first most wanted; empty only where the command can do without
 * @param runIds those that {@code explain} and {@code reset} are about
 * @param options what was given of them, each with its value; a property given in its long form
 *     stands here as the option that sets it
 * @param properties those given, without the prefix {@code sweep-runner.}; only known ones. Options
 *     that are a short form of one ({@code --storage} of {@code storage-root}) stand here too
 * @param forWorkers what was given that workers need too, as it was written and in its order; no
 *     sweeps
 * @param compares whether {@code plan} is asked what the second of two sweeps changes of the first
 */
public record Invocation(
    Command command,
    List<Path> sweeps,
    List<String> runIds,
    Map<Option, String> options,
    Map<String, String> properties,
    List<String> forWorkers,
    boolean compares) {
  private static final Duration WATCH = Duration.ofSeconds(5);
  private static final Duration WATCH_SCALE = Duration.ofSeconds(60);

  /** Copies what it is given. */
  public Invocation {
    sweeps = List.copyOf(sweeps);
    runIds = List.copyOf(runIds);
    options = Map.copyOf(options);
    properties = Map.copyOf(properties);
    forWorkers = List.copyOf(forWorkers);
  }

  /** How the command prints. */
  public OutputFormat format() {
    return text(Option.FORMAT)
        .map(name -> OutputFormat.valueOf(name.toUpperCase(Locale.ROOT)))
        .orElse(command == Command.ROWS ? OutputFormat.CSV : OutputFormat.TABLE);
  }

  /** Time between two looks of {@code status} or {@code scale --watch}; empty for a single one. */
  public Optional<Duration> watch() {
    Duration usual = command == Command.SCALE ? WATCH_SCALE : WATCH;
    return text(Option.WATCH).map(text -> Times.watch(text).orElse(usual));
  }

  /** {@code --max-runs}: leave after so many runs. */
  public OptionalInt maxRuns() {
    return number(Option.MAX_RUNS);
  }

  /** The whole number of an option, if it was given. */
  OptionalInt number(Option option) {
    return text(option).stream().mapToInt(Integer::parseInt).findFirst();
  }

  /** Whether the option was given. */
  public boolean has(Option option) {
    return options.containsKey(option);
  }

  /** The value of the option; empty where it was not given. */
  public Optional<String> text(Option option) {
    return Optional.ofNullable(options.get(option));
  }

  /** What can be asked for, in the order of the help page. */
  public enum Command {
    RUN("", "work on the sweeps until every point has ended"),
    STATUS(" (--status)", "where every point stands"),
    PLAN(" [OLD NEW]", "what this worker would do next; or what a changed file changes"),
    EXPLAIN(" RUN_ID", "all facts about one run, the verdict, the way out"),
    ROWS("", "every row of every point, finished or not, as csv or jsonl"),
    AUDIT(" [--quick]", "whether all on disk is there, whole and once; 1 if not"),
    RESET(" RUN_ID...", "free runs that were poisoned, held or are backing off"),
    SCALE("", "as many Slurm tasks as there is work; prints, or --submit"),
    SYNC("", "send to W&B what it has not been told yet"),
    SHELL(", help, version", "the same, interactively; this page; which program it is"),
    WANDB_CHECK("", "whether W&B does what this program rests on; makes scratch runs"),
    HELP("", ""),
    VERSION("", "");

    private final String arguments;
    private final String help;

    Command(String arguments, String help) {
      this.arguments = arguments;
      this.help = help;
    }

    /** The word as the user writes it. */
    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** As the help page writes it, with what follows it. */
    public String usage() {
      return word() + arguments;
    }

    /** What the help page says of it. */
    public String help() {
      return help;
    }

    boolean takesRunIds() {
      return arguments.startsWith(" RUN_ID");
    }

    boolean needsSweep() {
      return this == RUN || this == STATUS || this == PLAN || this == SCALE || this == ROWS;
    }

    /** Whether it only tells about the program. */
    boolean tells() {
      return this == HELP || this == VERSION;
    }
  }
}
