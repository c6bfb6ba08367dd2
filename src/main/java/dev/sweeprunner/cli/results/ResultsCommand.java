package dev.sweeprunner.cli.results;

import dev.sweeprunner.cli.LookPorts;
import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.OutputFormat;
import dev.sweeprunner.problem.Nearest;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.run.judge.PointStatus;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code results}: the final values over the grid, the best of them, mean and spread over seeds.
 * Changes nothing, may be called while workers work, and reads the ends of files only.
 */
public final class ResultsCommand {
  private final List<Points> sweeps;
  private final LookPorts ports;
  private final Screen screen;

  /** Results of these sweeps, each by itself. */
  public ResultsCommand(List<Points> sweeps, LookPorts ports, Screen screen) {
    this.sweeps = List.copyOf(sweeps);
    this.ports = ports;
    this.screen = screen;
  }

  /**
   * Prints once, in the format that was asked for.
   *
   * @return {@link ExitCode#DONE}, whatever the answer is
   * @throws UserError for a key or a metric that no point has
   */
  public ExitCode run(Invocation invocation) {
    Wish wish = Wish.of(invocation);
    checkKeys(wish);
    Set<String> metrics = new LinkedHashSet<>();
    List<Results> results = new ArrayList<>();
    for (Points points : sweeps) {
      List<PointStatus> statuses = ports.survey().of(points);
      statuses.forEach(status -> metrics.addAll(status.metrics().keySet()));
      results.add(Results.of(points, statuses, wish));
    }
    checkMetrics(wish, metrics);
    print(results, invocation.format(), wish);
    screen.raw().flush();
    return ExitCode.DONE;
  }

  private void print(List<Results> results, OutputFormat format, Wish wish) {
    switch (format) {
      case JSON, JSONL -> ResultsJson.print(results, screen.raw());
      case CSV -> ResultsCsv.print(results, screen.raw());
      case MD -> ResultsMarkdown.print(results, screen.raw());
      case TABLE -> {
        new ResultsTable(screen, wish.all()).print(results);
        ports.root().tell(screen);
      }
    }
  }

  private void checkKeys(Wish wish) {
    for (String name : wish.over()) {
      if (sweeps.stream().allMatch(points -> Wish.key(points, name).isEmpty())) {
        List<String> keys = sweeps.stream().flatMap(points -> points.keys().stream()).toList();
        throw unknown(name, "no point has such a key", keys, "Name a swept key");
      }
    }
  }

  private static void checkMetrics(Wish wish, Set<String> known) {
    for (String name : wish.metrics()) {
      if (!known.contains(name) && !known.isEmpty()) {
        String all = "There are " + String.join(", ", known);
        throw unknown(name, "no point has such a metric", List.copyOf(known), all);
      }
    }
  }

  private static UserError unknown(String name, String fact, List<String> known, String wayOut) {
    String hint = Nearest.to(name, known).map(near -> "Did you mean " + near + "?").orElse(wayOut);
    return new UserError(name, fact, hint);
  }
}
