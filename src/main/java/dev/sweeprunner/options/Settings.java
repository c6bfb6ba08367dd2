package dev.sweeprunner.options;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.RequeuePolicy;
import dev.sweeprunner.run.judge.HomeCluster;
import dev.sweeprunner.run.judge.Policy;
import dev.sweeprunner.run.judge.RetryPolicy;
import dev.sweeprunner.run.work.CheckpointRules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What the user chose, from the packed {@code application.yml}, {@code ./application.yml}, the
 * environment and the command line, in rising order; one record for all modes. Each setting is
 * called as its property is; {@code application.yml} says what it means.
 *
 * @param storageRoot folder under which {@code out/} lies, absolute
 * @param storageGiven whether the user named it, or it is the working directory by default
 * @param trainer {@code auto}, {@code builtin} or {@code program}
 * @param program how users' own programs are run
 * @param runs how many points of a program's sweep there are; over the file's {@code run_cap}
 * @param numbers whether words such as {@code 1e-4} are numbers to a program
 * @param idleWait the property {@code wait}, a name that Java does not allow here
 */
public record Settings(
    Path storageRoot,
    boolean storageGiven,
    String cluster,
    String worker,
    String device,
    String trainer,
    ProgramOptions program,
    OptionalInt runs,
    boolean numbers,
    int threads,
    Duration idleWait,
    Duration maxAge,
    ClaimTimes claim,
    CheckpointRules checkpoint,
    Policy policy,
    Wandb wandb,
    SlurmOptions slurm,
    ScaleOptions scale,
    GitTimes git,
    int port,
    Test test) {

  /**
   * Reads the settings of one invocation from everything that has a say in them.
   *
   * @param given the packed defaults; changed by this call
   * @param path of a word that the user wrote for one, {@code ~/} included
   * @throws UserError for a value that is not what it should be, naming where it was given
   */
  public static Settings read(
      Properties given,
      Invocation invocation,
      Map<String, String> environment,
      Function<String, Path> path,
      Path workingDirectory) {
    given.file(workingDirectory.resolve("application.yml"));
    given.environment(environment);
    given.options(invocation.properties());
    String root =
        invocation
            .text(Option.STORAGE)
            .or(() -> Optional.ofNullable(environment.get("TC_STORAGE_ROOT")))
            .filter(word -> !word.isBlank())
            .orElse(given.text("storage-root"));
    Path storage = workingDirectory.resolve(path.apply(root)).toAbsolutePath().normalize();
    return new Settings(
        storage,
        !root.isEmpty(),
        given.text("cluster"),
        given.text("worker"),
        given.text("device"),
        given.word("trainer", "auto", "builtin", "program"),
        new ProgramOptions(given, invocation.has(Option.CWD_PER_RUN)),
        invocation.number(Option.RUNS),
        invocation.has(Option.NUMBERS),
        given.count("threads", 0),
        given.duration("wait"),
        given.duration("pass.max-age"),
        ClaimTimes.read(given),
        checkpoint(given),
        policy(given, invocation.has(Option.AFRESH)),
        Wandb.read(given),
        SlurmOptions.read(given),
        ScaleOptions.read(given, invocation, new ProfileFiles(storage, environment, path)),
        GitTimes.read(given),
        given.count("web.port", 0),
        Test.read(given));
  }

  private static CheckpointRules checkpoint(Properties given) {
    return new CheckpointRules(
        given.duration("checkpoint.interval"),
        given.number("checkpoint.every-iterations", 0),
        given.duration("checkpoint.retry-for"));
  }

  private static Policy policy(Properties given, boolean afresh) {
    RetryPolicy retryPolicy =
        new RetryPolicy(
            given.count("failure.limit", 1),
            given.count("failure.hosts", 1),
            given.count("failure.limit-on-one-host", 1),
            given.count("failure.deaths", 1),
            given.count("failure.config-errors", 1),
            given.duration("backoff.base"),
            given.duration("backoff.max"));
    String down = given.lower("wandb.down", "closed", "home", "open");
    return new Policy(
        afresh,
        Policy.Down.valueOf(down.toUpperCase(Locale.ROOT)),
        home(given),
        given.duration("wandb.crash-grace"),
        given.duration("wandb.live"),
        given.duration("slurm.come-back"),
        retryPolicy);
  }

  private static HomeCluster home(Properties given) {
    List<String> clusters =
        Stream.of(given.text("wandb.clusters").split(","))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList();
    String own = given.text("cluster");
    if (!clusters.isEmpty() && !clusters.contains(own)) {
      throw given.bad("wandb.clusters", "the names of all clusters, " + own + " among them");
    }
    return new HomeCluster(clusters, own);
  }

  /** {@code claim.*}: times of the claim protocol. */
  public record ClaimTimes(Duration expiry, Duration beat, Duration hang) {
    private static ClaimTimes read(Properties given) {
      return new ClaimTimes(
          given.duration("claim.expiry"),
          given.duration("claim.beat"),
          given.duration("claim.hang"));
    }
  }

  /**
   * {@code slurm.*} without what belongs to the policy; {@code zero}: {@code exit-codes} is {@code
   * zero}.
   */
  public record SlurmOptions(
      String bin,
      Duration timeout,
      Duration fresh,
      Duration margin,
      RequeuePolicy requeue,
      boolean zero) {
    private static SlurmOptions read(Properties given) {
      return new SlurmOptions(
          given.text("slurm.bin"),
          given.duration("slurm.timeout"),
          given.duration("slurm.fresh"),
          given.duration("slurm.margin"),
          requeue(given.word("slurm.requeue", "always", "limit", "preempt", "never", "auto")),
          given.word("slurm.exit-codes", "exact", "zero").equals("zero"));
    }

    /** {@code auto} is an earlier name of the default. */
    private static RequeuePolicy requeue(String word) {
      return word.equals("auto")
          ? RequeuePolicy.LIMIT
          : RequeuePolicy.valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * {@code git.*}: times of the upstream check, and whether uncommitted changes are kept in {@code
   * meta/}.
   */
  public record GitTimes(Duration timeout, Duration answerFor, boolean diff) {
    private static GitTimes read(Properties given) {
      return new GitTimes(
          given.duration("git.timeout"), given.duration("git.answer-for"), given.flag("git.diff"));
    }
  }

  /**
   * {@code wandb.*} without what belongs to the policy; {@code mode} and {@code entity} or empty.
   */
  public record Wandb(
      String mode,
      String entity,
      Duration fresh,
      Duration settle,
      Duration post,
      Duration beat,
      Duration flush,
      Duration delivery) {
    private static Wandb read(Properties given) {
      String mode = given.text("wandb.mode");
      if (!mode.isEmpty()) {
        given.word("wandb.mode", "online", "offline", "disabled");
      }
      Duration settle = given.duration("wandb.settle");
      Duration beat = given.duration("wandb.beat");
      if (settle.compareTo(beat) <= 0) {
        throw given.bad("wandb.settle", "longer than wandb.beat, " + given.text("wandb.beat"));
      }
      return new Wandb(
          mode,
          given.text("wandb.entity"),
          given.duration("wandb.fresh"),
          settle,
          given.duration("wandb.post"),
          beat,
          given.duration("wandb.flush"),
          given.duration("wandb.delivery"));
    }
  }

  /** {@code test.*}: for tests that kill workers; empty for off. */
  public record Test(String events, String crashAt, String crashHow, boolean resume) {
    private static Test read(Properties given) {
      return new Test(
          given.text("test.events"),
          given.text("test.crash-at"),
          given.text("test.crash-how"),
          given.flag("test.resume"));
    }
  }
}
