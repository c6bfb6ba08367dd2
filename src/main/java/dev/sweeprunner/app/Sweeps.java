package dev.sweeprunner.app;

import dev.sweeprunner.config.Collision;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.program.ProgramTraining;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.ProgramRules;
import dev.sweeprunner.run.SnapshotFormat;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.sweep.Places;
import dev.sweeprunner.sweep.SweepFile;
import dev.sweeprunner.sweep.SweepFileReader;
import dev.sweeprunner.train.checkpoint.TrainingFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

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
   * @param file as the user named it
   * @param points its grid
   * @param training what trains its runs, with the places where its files are looked for
   * @param format what its checkpoints hold
   * @param grace how long what trains may take to stop
   * @param why who trains and why, for the user
   */
  record Loaded(
      Path file,
      Points points,
      Training training,
      SnapshotFormat format,
      Duration grace,
      String why) {

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
      return new Loaded(file, points.awarding(holders), training, format, grace, why);
    }
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
    return new Sweeps(
        files.stream()
            .map(given -> graph.environment().path(given.toString()))
            .map(file -> load(file, workingDirectory, graph, notices))
            .toList());
  }

  private static Loaded load(
      Path file, Path workingDirectory, ObjectGraph graph, Consumer<String> notices) {
    Programs programs = new Programs(graph);
    Places places = Places.of(workingDirectory, file);
    SweepFile sweep = SweepFileReader.read(file, graph.environment().variables());
    TrainerChoice.Chosen chosen = programs.choice().of(sweep, places);
    Points points = chosen.points();
    points.warnings().forEach(notices);
    if (!points.byProgram()) {
      return new Loaded(
          file,
          points,
          graph.training(places::tried, notices),
          new TrainingFormat(graph.files(), graph.trace()),
          Duration.ZERO,
          chosen.why());
    }
    ProgramRules rules = programs.rules(sweep);
    ProgramTraining training = programs.training(points, rules, places, notices);
    return new Loaded(file, points, training, training.format(), rules.grace(), chosen.why());
  }
}
