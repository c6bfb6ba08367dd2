package dev.sweeprunner.options;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.judge.HomeCluster;
import dev.sweeprunner.run.judge.Policy;
import dev.sweeprunner.run.judge.RetryPolicy;
import dev.sweeprunner.run.work.CheckpointRules;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads the settings of one invocation from everything that has a say in them. */
public final class SettingsReader {
  private final Properties properties;
  private final Invocation invocation;
  private final Map<String, String> environment;
  private final Function<String, Path> path;
  private final Path workingDirectory;

  private SettingsReader(
      Properties properties,
      Invocation invocation,
      Map<String, String> environment,
      Function<String, Path> path,
      Path directory) {
    this.properties = properties;
    this.path = path;
    this.invocation = invocation;
    this.environment = environment;
    this.workingDirectory = directory;
  }

  /**
   * The settings.
   *
   * @param packed the packed defaults; changed by this call
   * @param path of a word that the user wrote for one, {@code ~/} included
   * @throws UserError for a value that is not what it should be, naming where it was given
   */
  public static Settings read(
      Properties packed,
      Invocation invocation,
      Map<String, String> environment,
      Function<String, Path> path,
      Path workingDirectory) {
    packed.file(workingDirectory.resolve("application.yml"));
    packed.environment(environment);
    packed.options(invocation.properties());
    return new SettingsReader(packed, invocation, environment, path, workingDirectory).settings();
  }

  private Settings settings() {
    String root =
        invocation
            .storage()
            .map(Path::toString)
            .or(
                () ->
                    Optional.ofNullable(environment.get("TC_STORAGE_ROOT"))
                        .filter(v -> !v.isBlank()))
            .orElse(properties.text("storage-root"));
    return new Settings(
        workingDirectory.resolve(path.apply(root)).toAbsolutePath().normalize(),
        !root.isEmpty(),
        properties.text("cluster"),
        properties.text("worker"),
        properties.text("device"),
        (int) properties.number("threads", 0),
        properties.duration("wait"),
        properties.duration("pass.max-age"),
        new Settings.ClaimTimes(
            properties.duration("claim.expiry"),
            properties.duration("claim.beat"),
            properties.duration("claim.hang")),
        checkpoint(),
        policy(),
        wandb(),
        slurm(),
        ScaleProfiles.read(properties.profiles()),
        new Settings.GitTimes(
            properties.duration("git.timeout"), properties.duration("git.answer-for")),
        (int) properties.number("web.port", 0),
        new Settings.Test(
            properties.text("test.events"),
            properties.text("test.crash-at"),
            properties.text("test.crash-how"),
            properties.flag("test.resume")));
  }

  private CheckpointRules checkpoint() {
    return new CheckpointRules(
        properties.duration("checkpoint.interval"),
        properties.number("checkpoint.every-iterations", 0),
        properties.duration("checkpoint.retry-for"));
  }

  private Settings.Wandb wandb() {
    String mode = invocation.wandb().orElse(properties.text("wandb.mode"));
    if (!List.of("", "online", "offline", "disabled").contains(mode)) {
      throw properties.bad("wandb.mode", "online, offline or disabled");
    }
    if (properties.duration("wandb.settle").compareTo(properties.duration("wandb.beat")) <= 0) {
      throw properties.bad(
          "wandb.settle", "longer than wandb.beat, " + properties.text("wandb.beat"));
    }
    return new Settings.Wandb(
        mode,
        properties.text("wandb.entity"),
        properties.duration("wandb.fresh"),
        properties.duration("wandb.settle"),
        properties.duration("wandb.post"),
        properties.duration("wandb.beat"),
        properties.duration("wandb.flush"),
        properties.duration("wandb.delivery"));
  }

  private Settings.SlurmTerms slurm() {
    String requeue = properties.text("slurm.requeue");
    if (!List.of("auto", "never").contains(requeue)) {
      throw properties.bad("slurm.requeue", "auto or never");
    }
    return new Settings.SlurmTerms(
        properties.text("slurm.bin"),
        properties.duration("slurm.timeout"),
        properties.duration("slurm.fresh"),
        properties.duration("slurm.margin"),
        requeue.equals("auto"));
  }

  private Policy policy() {
    RetryPolicy retryPolicy =
        new RetryPolicy(
            (int) properties.number("failure.limit", 1),
            (int) properties.number("failure.hosts", 1),
            (int) properties.number("failure.limit-on-one-host", 1),
            (int) properties.number("failure.deaths", 1),
            (int) properties.number("failure.config-errors", 1),
            properties.duration("backoff.base"),
            properties.duration("backoff.max"));
    return new Policy(
        invocation.afresh(),
        down(),
        home(),
        properties.duration("wandb.crash-grace"),
        properties.duration("wandb.live"),
        properties.duration("slurm.come-back"),
        retryPolicy);
  }

  private HomeCluster home() {
    List<String> clusters =
        Stream.of(properties.text("wandb.clusters").split(","))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList();
    String own = properties.text("cluster");
    if (!clusters.isEmpty() && !clusters.contains(own)) {
      throw properties.bad("wandb.clusters", "the names of all clusters, " + own + " among them");
    }
    return new HomeCluster(clusters, own);
  }

  private Policy.Down down() {
    try {
      return Policy.Down.valueOf(properties.text("wandb.down").toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw properties.bad("wandb.down", "closed, home or open");
    }
  }
}
