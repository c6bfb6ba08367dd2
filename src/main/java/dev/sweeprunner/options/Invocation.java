package dev.sweeprunner.options;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * What the user asked for, checked. Immutable; safe for all threads.
 *
 * @param command the command
 * @param topic what {@code help} is to tell about; empty for the page of all
 * @param sweeps the sweep files, the first most wanted; empty only where the command can do without
 * @param runIds those that {@code explain}, {@code reset}, {@code export} and {@code import} are
 *     about; of {@code prepare} its texts
 * @param options what was given of them, each with its value; a property given in its long form
 *     stands here as the option that sets it
 * @param properties those given, without the prefix {@code sweep-runner.}; only known ones. Options
 *     that are a short form of one ({@code --storage} of {@code storage-root}) stand here too
 * @param handedOn what was given that workers need too, as it was written and in its order, by the
 *     option's or the property's name; no sweeps
 * @param compares whether {@code plan} is asked what the second of two sweeps changes of the first
 */
public record Invocation(
    Command command,
    Optional<Command> topic,
    List<Path> sweeps,
    List<String> runIds,
    Map<Option, String> options,
    Map<String, String> properties,
    Map<String, List<String>> handedOn,
    boolean compares) {
  /** Between the values of an option that adds up; no word of a command line has it. */
  static final String AND = "\0";

  private static final Duration WATCH = Duration.ofSeconds(5);
  private static final Duration WATCH_SCALE = Duration.ofSeconds(60);

  /** Copies what it is given. */
  public Invocation {
    sweeps = List.copyOf(sweeps);
    runIds = List.copyOf(runIds);
    options = Map.copyOf(options);
    properties = Map.copyOf(properties);
    handedOn = Collections.unmodifiableMap(new LinkedHashMap<>(handedOn));
  }

  /** The same of other sweeps: those that a session is about by now. */
  public Invocation about(List<Path> others) {
    Map<Option, String> rest = new HashMap<>(options);
    rest.remove(Option.SWEEPS_FROM);
    return new Invocation(command, topic, others, runIds, rest, properties, handedOn, compares);
  }

  /** What was given that workers need too, as it was written and in its order; no sweeps. */
  public List<String> forWorkers() {
    return handedOn.values().stream().flatMap(List::stream).toList();
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

  /**
   * How long a worker that has nothing to do waits for something before it leaves; zero for not at
   * all, empty for as long as it takes.
   */
  public Optional<Duration> exitWhenIdle() {
    return text(Option.EXIT_WHEN_IDLE).map(text -> Times.parse(text).orElse(Duration.ZERO));
  }

  /** {@code --max-runs}: leave after so many runs. */
  public OptionalInt maxRuns() {
    return number(Option.MAX_RUNS);
  }

  /** The whole number of an option, if it was given. */
  public OptionalInt number(Option option) {
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

  /** All values of an option that may stand several times, in their order. */
  public List<String> texts(Option option) {
    return text(option).map(text -> List.of(text.split(AND, -1))).orElse(List.of());
  }

  /** Where a command can be given. */
  enum Place {
    /** Behind the program's name and in a shell. */
    BOTH,
    /** Behind the program's name alone. */
    LINE,
    /** In a shell alone. */
    SHELL
  }

  /**
   * What can be asked for, in the order of the help page. The one table of commands: the parser,
   * its hints, the pages and the shell follow.
   */
  public enum Command {
    RUN(
        "",
        "work on the sweeps until every point has ended",
        "--sweep sweeps/quickstart.yaml --storage /data/me",
        Place.LINE),
    STATUS("", "where every point stands; the same as --status", "--sweep a.yaml --watch"),
    WORKERS("", "who works here: alive, silent or gone, where, how fast, at what", "--all"),
    PLAN(
        " [OLD NEW]",
        "what this worker would do next; or what a changed file changes",
        "a.yaml a-wide.yaml"),
    EXPLAIN(
        " RUN_ID", "all facts about one run, the verdict, the way out", "9f3c21aa --sweep a.yaml"),
    ROWS("", "every row of every point, as csv or jsonl", "--sweep a.yaml --format jsonl"),
    RESULTS(
        "", "the final metrics, the best of them, spread over seeds", "--sweep a.yaml --format md"),
    SERVE(
        "",
        "the page; --address A, --token-file F; or --export FILE",
        "--sweep a.yaml --port 8080"),
    AUDIT("", "is all on disk there, whole and once (--quick)? 1 if not", "--quick"),
    RESET(" RUN_ID...", "free runs that were poisoned, held or are backing off", "9f3c21aa"),
    SCALE(
        "",
        "as many Slurm tasks as there is work; prints, or --submit",
        "--sweep a.yaml --submit --watch"),
    PREPARE(
        " FILE...",
        "texts to token files: --to DIR, --val SHARE, --vocab V",
        "book.txt --to data/book --val 0.1"),
    EXPORT(
        " RUN_ID",
        "its newest weights by nanoGPT's names: --to FILE",
        "9f3c21aa --to model.safetensors"),
    IMPORT(
        " RUN_ID",
        "weights as its start: --from FILE, --moments FILE, --iter N",
        "9f3c21aa --sweep a.yaml --from model.safetensors"),
    SYNC("", "send to W&B what it has not been told yet", "--sweep a.yaml"),
    SHELL(
        "",
        "a prompt for all but run, and for sweep PATH..., exit, quit",
        "--sweep a.yaml --storage /data/me",
        Place.LINE),
    WANDB_CHECK("", "whether W&B does what this program rests on; makes scratch runs", ""),
    HELP(" [COMMAND]", "this page, or one command's; version: which program it is", "status"),
    VERSION("", "which program it is", ""),
    SWEEP(" [PATH...]", "choose the sweeps of a shell, or tell which are", "a.yaml", Place.SHELL),
    EXIT("", "leave a shell", "", Place.SHELL),
    QUIT("", "the same as exit", "", Place.SHELL);

    private final String arguments;
    private final String help;
    private final String example;
    private final Place place;

    Command(String arguments, String help, String example) {
      this(arguments, help, example, Place.BOTH);
    }

    Command(String arguments, String help, String example, Place place) {
      this.arguments = arguments;
      this.help = help;
      this.example = example;
      this.place = place;
    }

    /** The commands that a shell carries out. */
    public static List<Command> ofShell() {
      return Stream.of(values()).filter(command -> command.place != Place.LINE).toList();
    }

    /** The word as the user writes it. */
    public String word() {
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

    /** One line as a user could write it, without the program's name. */
    public String example() {
      return (word() + " " + example).strip();
    }

    /** Whether only a shell knows it. */
    public boolean onlyInShell() {
      return place == Place.SHELL;
    }

    /** Whether only the command line knows it. */
    boolean onlyOnLine() {
      return place == Place.LINE;
    }

    boolean takesRunIds() {
      return arguments.startsWith(" RUN_ID");
    }

    boolean needsSweep() {
      return this == RUN
          || this == STATUS
          || this == PLAN
          || this == SCALE
          || this == ROWS
          || this == RESULTS
          || this == SERVE
          || this == IMPORT;
    }

    /** Whether it only tells about the program. */
    boolean tells() {
      return this == HELP || this == VERSION;
    }
  }
}
