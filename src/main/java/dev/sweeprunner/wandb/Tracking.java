package dev.sweeprunner.wandb;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.sweep.SweepFile;
import dev.sweeprunner.wandb.settings.Account;
import dev.sweeprunner.wandb.settings.AccountReader;
import dev.sweeprunner.wandb.settings.Credential;
import dev.sweeprunner.wandb.telemetry.Tracker;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether and as whom W&amp;B is told of a sweep: from the command line, the properties, {@code
 * $WANDB_MODE} and W&amp;B's own settings, and the configs.
 */
public final class Tracking {
  /** What a config that names no project says. */
  private static final String NO_PROJECT = "owt";

  private static final String ONLINE = "online";
  private static final String LOG_KEY = "logging.wandb_log";

  private final Wishes wishes;
  private final Map<String, String> environment;
  private final Path home;
  private final Path workingDirectory;
  private final Consumer<String> warnings;
  private @Nullable Account account;
  private boolean saidUnusable;

  /**
   * For one invocation.
   *
   * @param home where W&amp;B's own settings of this user lie
   */
  public Tracking(
      Wishes wishes,
      Map<String, String> environment,
      Path home,
      Path workingDirectory,
      Consumer<String> warnings) {
    this.wishes = wishes;
    this.environment = environment;
    this.home = home;
    this.workingDirectory = workingDirectory;
    this.warnings = warnings;
  }

  /**
   * What the user said.
   *
   * @param mode {@code online}, {@code offline}, {@code disabled}, or empty
   * @param entity named on the command line
   * @param otherwise the entity where nothing else names one, or empty
   * @param buffered whether every run tells nothing before the publish that covers it
   * @param relayed whether the program of a sweep logs to this worker instead of to W&amp;B itself
   */
  public record Wishes(
      String mode,
      Optional<String> entity,
      String otherwise,
      boolean buffered,
      Predicate<SweepFile> relayed) {}

  /** How W&amp;B is used for a sweep. */
  enum Mode {
    ONLINE,
    OFFLINE,
    /** What there is to tell stays here until somebody calls {@code sync}. */
    KEPT,
    OFF
  }

  /**
   * How W&amp;B is used for this sweep.
   *
   * @throws UserError for settings that contradict themselves, or online without a key
   */
  Mode mode(Points points) {
    if (goesAround(points)) {
      return Mode.OFF;
    }
    if (!wishes.mode().isEmpty()) {
      return of(wishes.mode());
    }
    if (points.byProgram()) {
      return ofProgram();
    }
    if (!anyLogs(points)) {
      return Mode.OFF;
    }
    String own = account().mode();
    return own == null ? Mode.ONLINE : of(own);
  }

  /**
   * Where the user says nothing: whoever has a key wants the curves. A program need not use
   * W&amp;B, so what is wrong with the settings is no error.
   */
  private Mode ofProgram() {
    try {
      String own = account().mode();
      if (own != null) {
        return of(own);
      }
      return account().credential() instanceof Credential.Missing ? Mode.KEPT : Mode.ONLINE;
    } catch (UserError unusable) {
      if (!saidUnusable) {
        saidUnusable = true;
        warnings.accept(unusable.getMessage() + " What programs log stays here meanwhile.");
      }
      return Mode.KEPT;
    }
  }

  /** Whether the program of a sweep speaks to W&amp;B itself. */
  boolean goesAround(Points points) {
    return points.byProgram() && !wishes.relayed().test(points.sweep());
  }

  /**
   * Whether of a run nothing is told before its program opens it, and W&amp;B is asked nothing: a
   * program that does not use W&amp;B stays private unless the user says otherwise.
   */
  boolean quiet(Points points) {
    return points.byProgram() && !wishes.mode().equals(ONLINE);
  }

  /** Whether W&amp;B is asked about the runs of a sweep. */
  boolean asked(Points points) {
    return mode(points) == Mode.ONLINE && !quiet(points);
  }

  /** As {@link #mode}, without reading W&amp;B's settings files, for commands that only look. */
  Mode modeAtAGlance(Points points) {
    if (goesAround(points) || quiet(points)) {
      return Mode.OFF;
    }
    if (!wishes.mode().isEmpty()) {
      return of(wishes.mode());
    }
    String own = environment.getOrDefault("WANDB_MODE", "").toLowerCase(Locale.ROOT);
    if (!anyLogs(points) || own.equals("disabled")) {
      return Mode.OFF;
    }
    return own.equals("offline") || own.equals("dryrun") ? Mode.OFFLINE : Mode.ONLINE;
  }

  private static Mode of(String word) {
    return switch (word) {
      case ONLINE -> Mode.ONLINE;
      case "offline" -> Mode.OFFLINE;
      default -> Mode.OFF;
    };
  }

  /** The account, read once. */
  Account account() {
    Account read = account;
    if (read == null) {
      read = AccountReader.read(environment, home, workingDirectory, warnings);
      account = read;
    }
    return read;
  }

  /**
   * The account, with which W&amp;B can be spoken to.
   *
   * @throws UserError without a key, naming the ways out
   */
  Account accountWithKey() {
    requireKey(account().credential());
    return account();
  }

  private static void requireKey(Credential credential) {
    if (credential instanceof Credential.Missing missing) {
      throw new UserError(
          "W&B",
          missing.why().replaceFirst("^No ", "there is no ").replaceFirst("\\.$", ""),
          "Set WANDB_API_KEY, or put the key into ~/.netrc (wandb login does), or run with"
              + " --wandb offline or --wandb disabled");
    }
  }

  /** The entity that the user chose for a sweep, or null. */
  @Nullable String entity(Points points) {
    String sweep = points.sweep().entity();
    return wishes.entity().isEmpty() && sweep != null ? sweep : entity();
  }

  /** The entity that the user chose where no sweep file has a say, or null. */
  @Nullable String entity() {
    return wishes
        .entity()
        .or(() -> Optional.ofNullable(account().entity()))
        .or(() -> Optional.of(wishes.otherwise()).filter(name -> !name.isEmpty()))
        .orElse(null);
  }

  /**
   * W&amp;B's project of a sweep.
   *
   * @throws UserError if the sweep file and the config name two
   */
  static String project(Points points) {
    String sweep = points.sweep().project();
    if (points.size() == 0 || points.byProgram()) {
      return sweep;
    }
    String config = points.at(0).config().logging().wandbProject();
    if (config.equals(NO_PROJECT)) {
      return points.sweep().projectGiven() ? sweep : config;
    }
    if (points.sweep().projectGiven() && !config.equals(sweep)) {
      throw new UserError(
          points.sweep().path().toString(),
          "it names the project " + sweep + ", and its config logging.wandb_project = " + config,
          "Let them name the same one, or leave one of them out");
    }
    return config;
  }

  /**
   * Which runs W&amp;B is told of: all where the user asked for it or their programs tell of them,
   * else those whose config says.
   */
  Predicate<Point> logged(Points points) {
    boolean all = points.byProgram() || !wishes.mode().isEmpty();
    return point -> all || point.config().logging().wandbLog();
  }

  /**
   * A sweep as its runs are told of.
   *
   * @param root identity of the lock directory
   */
  Tracker.Sweep sweep(Points points, String root) {
    return new Tracker.Sweep(
        points.group(),
        project(points),
        root,
        logged(points),
        buffered(),
        points.byProgram(),
        quiet(points));
  }

  /** Which runs tell nothing before the publish that covers it. */
  private Predicate<Point> buffered() {
    boolean all = wishes.buffered();
    return point -> all || point.config().logging().wandbBuffer();
  }

  /**
   * How W&amp;B is used for this sweep, in words: where it is, by its group's page.
   *
   * @param entity whose runs they are, as far as that is known
   */
  String words(Points points, Optional<String> entity) {
    return switch (mode(points)) {
      case OFF -> goesAround(points) ? "up to the program itself" : "disabled";
      case KEPT ->
          (saidUnusable ? "" : "no key: ") + "what programs log stays here (metrics.jsonl)";
      case OFFLINE -> "offline";
      case ONLINE -> quiet(points) ? "online, once the program logs" : online(points, entity);
    };
  }

  private String online(Points points, Optional<String> entity) {
    return entity
        .map(name -> "online, " + account().appUrl() + page(name, project(points), points.group()))
        .orElse("online, as whom it has not said yet");
  }

  private static String page(String entity, String project, String group) {
    return Stream.of("", entity, project, "groups", group)
        .map(part -> URLEncoder.encode(part, UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/"));
  }

  private static boolean anyLogs(Points points) {
    if (points.size() == 0) {
      return false;
    }
    RunConfig.Logging logging = points.at(0).config().logging();
    return logging.wandbLog() || points.overrides(0).containsKey(LOG_KEY);
  }
}
