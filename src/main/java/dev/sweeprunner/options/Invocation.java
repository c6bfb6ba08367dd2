package dev.sweeprunner.options;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked for, checked: the command, its options, and the properties that were given.
 *
 * <p>Immutable; safe for all threads.
 */
public final class Invocation {
  private static final Duration WATCH = Duration.ofSeconds(5);
  private static final Duration WATCH_SCALE = Duration.ofSeconds(60);

  private final Command command;
  private final List<Path> sweeps;
  private final List<String> runIds;
  private final Map<Option, String> options;
  private final Map<String, String> properties;
  private final List<String> forWorkers;

  Invocation(
      Command command,
      List<String> sweeps,
      List<String> runIds,
      Map<Option, String> options,
      Map<String, String> properties,
      List<String> forWorkers) {
    this.command = command;
    this.sweeps = sweeps.stream().map(Path::of).toList();
    this.runIds = List.copyOf(runIds);
    this.options = new EnumMap<>(Option.class);
    this.options.putAll(options);
    this.properties = Map.copyOf(properties);
    this.forWorkers = List.copyOf(forWorkers);
  }

  /** The command. */
  public Command command() {
    return command;
  }

  /** The sweep files, the first most wanted; empty only where the command can do without. */
  public List<Path> sweeps() {
    return sweeps;
  }

  /** The run ids that {@code explain} and {@code reset} are about. */
  public List<String> runIds() {
    return runIds;
  }

  /**
   * Properties given on the command line, without the prefix {@code sweep-runner.}; only known
   * ones. Options that are a short form of one ({@code --storage} of {@code storage-root}) stand
   * here too, and a property given in its long form is seen by the option's own method.
   */
  public Map<String, String> properties() {
    return properties;
  }

  /** How {@code status} prints. */
  public OutputFormat format() {
    String name = options.get(Option.FORMAT);
    return name == null ? OutputFormat.TABLE : OutputFormat.of(name);
  }

  /** Time between two looks of {@code status} or {@code scale --watch}; empty for a single one. */
  public Optional<Duration> watch() {
    String text = options.get(Option.WATCH);
    if (text == null) {
      return Optional.empty();
    }
    Duration usual = command == Command.SCALE ? WATCH_SCALE : WATCH;
    return Optional.of(text.isEmpty() ? usual : Seconds.parse(text).orElse(usual));
  }

  /** {@code --submit}: {@code scale} does what it prints. */
  public boolean submit() {
    return has(Option.SUBMIT);
  }

  /** What was given that workers need too, as it was written and in its order; no sweeps. */
  public List<String> forWorkers() {
    return forWorkers;
  }

  /** {@code --cluster}. */
  public Optional<String> cluster() {
    return text(Option.CLUSTER);
  }

  /** {@code --storage}; outranks {@code $TC_STORAGE_ROOT}. */
  public Optional<Path> storage() {
    return text(Option.STORAGE).map(Path::of);
  }

  /** {@code --worker}. */
  public Optional<String> worker() {
    return text(Option.WORKER);
  }

  /** {@code --device}: {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}. */
  public Optional<String> device() {
    return text(Option.DEVICE);
  }

  /** {@code --port}. */
  public OptionalInt port() {
    return number(options.get(Option.PORT));
  }

  /**
   * {@code --wandb}: {@code online}, {@code offline} or {@code disabled}; outranks {@code
   * $WANDB_MODE}.
   */
  public Optional<String> wandb() {
    return text(Option.WANDB);
  }

  /** {@code --entity}; outranks the sweep file's. */
  public Optional<String> entity() {
    return text(Option.ENTITY);
  }

  /** {@code --wandb-down}: {@code closed}, {@code home} or {@code open}. */
  public Optional<String> wandbDown() {
    return text(Option.WANDB_DOWN);
  }

  /** {@code --max-runs}: leave after so many runs. */
  public OptionalInt maxRuns() {
    return number(options.get(Option.MAX_RUNS));
  }

  /** {@code --wandb-buffer}: nothing of a run leaves for W&amp;B before its publish. */
  public boolean wandbBuffer() {
    return has(Option.WANDB_BUFFER);
  }

  /** {@code --allow-behind}: no git check. */
  public boolean allowBehind() {
    return has(Option.ALLOW_BEHIND);
  }

  /** {@code --exit-when-idle}: leave instead of waiting. */
  public boolean exitWhenIdle() {
    return has(Option.EXIT_WHEN_IDLE);
  }

  /** Whether a health port is wanted: no {@code --no-web}. */
  public boolean web() {
    return !has(Option.NO_WEB);
  }

  /** {@code --afresh}: foreign partial runs start from scratch beside their old files. */
  public boolean afresh() {
    return has(Option.AFRESH);
  }

  /** Whether finished runs that only W&amp;B knows are adopted: no {@code --no-adopt}. */
  public boolean adopt() {
    return !has(Option.NO_ADOPT);
  }

  /** {@code --debug}: stack traces. */
  public boolean debug() {
    return has(Option.DEBUG);
  }

  /** {@code --refresh}: ask W&amp;B instead of its cached answer. */
  public boolean refresh() {
    return has(Option.REFRESH);
  }

  private boolean has(Option option) {
    return options.containsKey(option);
  }

  private Optional<String> text(Option option) {
    return Optional.ofNullable(options.get(option));
  }

  private static OptionalInt number(@Nullable String text) {
    return text == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
  }

  /** What can be asked for. */
  public enum Command {
    /** Work on the sweeps. */
    RUN,
    /** Where every point stands. */
    STATUS,
    /** What this worker would do next. */
    PLAN,
    /** Why one run stands where it stands. */
    EXPLAIN,
    /** Free runs that were given up or stopped. */
    RESET,
    /** Send what W&amp;B has not been told yet. */
    SYNC,
    /** As many Slurm tasks as there is work. */
    SCALE,
    /** An interactive session. */
    SHELL,
    /** Whether W&amp;B does what this program rests on. */
    WANDB_CHECK,
    /** How to call the program. */
    HELP,
    /** Which program this is. */
    VERSION;

    /** The word as the user writes it. */
    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
