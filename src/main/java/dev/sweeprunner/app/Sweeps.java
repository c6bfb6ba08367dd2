package dev.sweeprunner.app;

import dev.sweeprunner.config.Collision;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.host.Environment;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.sweep.Places;
import dev.sweeprunner.sweep.SweepFileReader;
import java.nio.file.Path;
import java.util.ArrayList;
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
    return all.get(0).training();
  }

  /**
   * One sweep.
   *
   * @param file as the user named it
   * @param points its grid
   * @param training what trains its runs, with the places where its files are looked for
   */
  record Loaded(Path file, Points points, Training training) {

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
      return new Loaded(file, points.awarding(holders), training);
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
    List<Loaded> loaded = new ArrayList<>();
    Environment environment = graph.environment();
    for (Path given : files) {
      Path file = environment.path(given.toString());
      Places places = Places.of(workingDirectory, file);
      Points points = Points.of(SweepFileReader.read(file, environment.variables()), places);
      points.warnings().forEach(notices);
      loaded.add(new Loaded(file, points, graph.training(places::tried, notices)));
    }
    return new Sweeps(List.copyOf(loaded));
  }
}
