package dev.sweeprunner.app;

import dev.sweeprunner.config.Collision;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.ProgramConfig;
import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.host.Environment;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.Option;
import dev.sweeprunner.program.ProgramTraining;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.ProgramRules;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.SnapshotFormat;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.sweep.Editions;
import dev.sweeprunner.sweep.Followed;
import dev.sweeprunner.sweep.Places;
import dev.sweeprunner.sweep.SweepFile;
import dev.sweeprunner.sweep.SweepFileReader;
import dev.sweeprunner.sweep.SweepList;
import dev.sweeprunner.sweep.SweepSources;
import dev.sweeprunner.train.checkpoint.TrainingFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sweep files of one invocation, read and expanded.
 *
 * @param all in the order given
 */
record Sweeps(List<Loaded> all) {

  /** What trains the runs, for questions that no sweep's own files matter to. */
  Training training() {
    Training first = all.get(0).training();
    boolean program = all.get(0).points().byProgram();
    return all.stream()
        .filter(sweep -> sweep.points().byProgram() != program)
        .findFirst()
        .<Training>map(
            other ->
                program
                    ? new EitherTraining(other.training(), first)
                    : new EitherTraining(first, other.training()))
        .orElse(first);
  }

  /** Whether the built-in trainer trains any of them. */
  boolean builtin() {
    return all.stream().anyMatch(sweep -> !sweep.points().byProgram());
  }

  /** How long what trains them may take to stop. */
  Duration grace() {
    return all.stream().map(Loaded::grace).max(Duration::compareTo).orElse(Duration.ZERO);
  }

  /**
   * One sweep.
   *
   * @param origin the files it was made of, and how it is made of them anew
   * @param points its grid
   * @param training what trains its runs, with the places where its files are looked for
   * @param format what its checkpoints hold
   * @param grace how long what trains may take to stop
   * @param why who trains and why, for the user
   */
  record Loaded(
      Origin origin,
      Points points,
      Training training,
      SnapshotFormat format,
      Duration grace,
      String why) {

    /** The sweep file, as the user named it. */
    Path file() {
      return origin.sources().file();
    }

    /** The same sweep, where each colliding id stays with the config that holds it on disk. */
    Loaded awarded(Claims claims, Journal journal) {
      if (points.collisions().isEmpty()) {
        return this;
      }
      Map<String, String> holders = new HashMap<>();
      for (Collision collision : points.collisions()) {
        RunKey key = points.key(collision.indices().get(0));
        if (claims.look(key) instanceof ClaimState.Logged logged) {
          holders.put(collision.runId(), logged.end().configSha256());
        } else {
          journal.goal(key).ifPresent(goal -> holders.put(collision.runId(), goal.configSha256()));
        }
      }
      return new Loaded(origin, points.awarding(holders), training, format, grace, why);
    }
  }

  /**
   * Where a sweep comes from.
   *
   * @param look what its files held just before it was made of them
   * @param again makes it of the files as they are when it is asked; throws UserError
   */
  record Origin(SweepSources sources, SweepSources.Look look, Supplier<Loaded> again) {
    /** What is made of these files and their edits, from this edition on. */
    <E> Editions<E> editions(E first, Editions.Maker<E> maker, Consumer<Duration> pause) {
      return new Editions<>(sources, look, first, maker, pause);
    }

    /** The sweep itself, for who looks at it again and again. */
    Editions<Loaded> editions(Loaded first, Pause pause) {
      return editions(first, new Reread(), pause::pause);
    }
  }

  /** Takes every edit that can be read. */
  private record Reread() implements Editions.Maker<Loaded> {
    @Override
    public Loaded make(Loaded before) {
      return before.origin().again().get();
    }

    @Override
    public void accepted(Collection<Path> changed, Loaded before, Loaded after) {}

    @Override
    public void refused(String why) {}
  }

  /** The sweep files that an invocation names: its own, then those of its list. */
  static List<Path> files(Invocation invocation, Environment environment) {
    List<Path> files = new ArrayList<>();
    invocation.sweeps().forEach(sweep -> files.add(environment.path(sweep.toString())));
    invocation
        .text(Option.SWEEPS_FROM)
        .map(environment::path)
        .ifPresent(list -> files.addAll(SweepList.read(list, environment::path)));
    return List.copyOf(files);
  }

  /**
   * These sweeps and their edits, from now on.
   *
   * @param files that they were read from
   * @param named names them as they are to be at each look
   * @param load reads further ones
   */
  Followed<Loaded> followed(
      List<Path> files,
      Supplier<List<Path>> named,
      Function<List<Path>, Sweeps> load,
      Pause pause) {
    Map<Path, Editions<Loaded>> first = new LinkedHashMap<>();
    all.forEach(sweep -> first.put(sweep.file(), sweep.origin().editions(sweep, pause)));
    return new Followed<>(
        files,
        first,
        named,
        file -> {
          Loaded read = load.apply(List.of(file)).all().get(0);
          return read.origin().editions(read, pause);
        },
        pause::pause);
  }

  /** The same sweeps, where each colliding id stays with the config that holds it on disk. */
  Sweeps awarded(Claims claims, Journal journal) {
    return new Sweeps(all.stream().map(sweep -> sweep.awarded(claims, journal)).toList());
  }

  /**
   * Reads the files.
   *
   * @param notices takes each warning once
   * @throws dev.sweeprunner.problem.UserError for the first file that is wrong
   */
  static Sweeps load(
      List<Path> files, Path workingDirectory, ObjectGraph graph, Consumer<String> notices) {
    Map<Path, Loaded> all = new LinkedHashMap<>();
    for (Path given : files) {
      Path file = graph.environment().path(given.toString());
      Path same = file.toAbsolutePath().normalize();
      if (all.containsKey(same)) {
        notices.accept(file + " is given twice, which is as good as once.");
      } else {
        all.put(same, load(file, workingDirectory, graph, notices));
      }
    }
    return new Sweeps(List.copyOf(all.values()));
  }

  private static Loaded load(
      Path file, Path workingDirectory, ObjectGraph graph, Consumer<String> notices) {
    Places places = Places.of(workingDirectory, file);
    Map<String, String> variables = graph.environment().variables();
    SweepSources sources =
        new SweepSources(file, places, path -> SweepFileReader.read(path, variables));
    return load(sources, places, graph, notices);
  }

  private static Loaded load(
      SweepSources sources, Places places, ObjectGraph graph, Consumer<String> notices) {
    Origin origin =
        new Origin(sources, sources.look(), () -> load(sources, places, graph, notices));
    SweepFile sweep = sources.sweep();
    Programs programs = new Programs(graph);
    TrainerChoice.Chosen chosen = programs.choice().of(sweep, places);
    Points points = chosen.points();
    points.warnings().forEach(notices);
    if (!points.byProgram()) {
      return new Loaded(
          origin,
          points,
          graph.training(places::tried, notices),
          new TrainingFormat(graph.files(), graph.trace()),
          Duration.ZERO,
          chosen.why());
    }
    ProgramRules rules = programs.rules(sweep);
    ProgramTraining training = programs.training(points, rules, places, notices);
    return new Loaded(origin, points, training, training.format(), rules.grace(), chosen.why());
  }

  /**
   * Answers questions about the runs of several sweeps, of which some are trained here and some by
   * programs. It trains nothing itself: each sweep has its own trainer.
   */
  private record EitherTraining(Training builtin, Training program) implements Training {
    private Training of(RunConfig config) {
      return config instanceof ProgramConfig ? program : builtin;
    }

    @Override
    public Optional<String> refusal(RunConfig config) {
      return of(config).refusal(config);
    }

    @Override
    public Optional<String> missing(RunConfig config) {
      return of(config).missing(config);
    }

    @Override
    public Size size(RunConfig config) {
      return of(config).size(config);
    }

    @Override
    public String device() {
      return builtin.device();
    }

    @Override
    public Session start(ClaimedRun run, @Nullable Snapshot base, Consumer<String> log) {
      throw new UnsupportedOperationException("each sweep has its own trainer");
    }
  }
}
