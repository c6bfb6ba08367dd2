package dev.sweeprunner.cli;

import dev.sweeprunner.config.Collision;
import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Finding;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.run.judge.Facts;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code explain RUN_ID}: every fact about one run with its source and age, its history, the
 * verdict and the way out. Changes nothing.
 *
 * <p>Where the run belongs to a sweep that was given, the facts are the worker's own. Otherwise
 * they come from the storage root alone: the trainer and W&amp;B are not asked, and what hangs on a
 * config that does not lie in the run's folder is said to be unknown.
 */
public final class ExplainCommand {
  private final List<Points> sweeps;
  private final LookPorts ports;
  private final Function<String, List<RunKey>> finder;
  private final BiFunction<RunKey, @Nullable Point, List<Finding>> audit;
  private final Screen screen;

  /**
   * An explanation.
   *
   * @param sweeps may be empty
   * @param audit what is wrong with a run on disk
   */
  public ExplainCommand(
      List<Points> sweeps,
      LookPorts ports,
      Function<String, List<RunKey>> finder,
      BiFunction<RunKey, @Nullable Point, List<Finding>> audit,
      Screen screen) {
    this.sweeps = List.copyOf(sweeps);
    this.ports = ports;
    this.finder = finder;
    this.audit = audit;
    this.screen = screen;
  }

  /**
   * Prints the explanation of one run.
   *
   * @throws UserError if nothing is known of it
   */
  public ExitCode run(String runId) {
    boolean found = false;
    for (Points points : sweeps) {
      for (int index : indices(points, runId)) {
        explain(points.at(index), points, found);
        found = true;
      }
    }
    if (!found) {
      found = withoutSweep(runId);
    }
    if (!found) {
      throw new UserError(
          runId,
          sweeps.isEmpty()
              ? "no run of this id was ever claimed in " + ports.root().words()
              : "no point of these sweeps has this run id, and none was ever claimed in "
                  + ports.root().words(),
          "Check --storage and --sweep; status shows the ids of a sweep");
    }
    screen.out().flush();
    return ExitCode.DONE;
  }

  /** All points with this id: one, unless configs collide. */
  private static List<Integer> indices(Points points, String runId) {
    for (Collision collision : points.collisions()) {
      if (collision.runId().equals(runId)) {
        return collision.indices();
      }
    }
    List<Integer> indices = new ArrayList<>();
    points.indexOf(runId).ifPresent(indices::add);
    return indices;
  }

  private void explain(Point point, Points points, boolean another) {
    PointStatus pointStatus = ports.survey().of(point);
    Explanation explanation =
        explanation(pointStatus.facts(), pointStatus.verdict(), pointStatus.newest());
    if (another) {
      screen.out().println();
    }
    explanation.head();
    explanation.damage(audit.apply(point.key(), point));
    explanation.point(point, points);
    explanation.body();
  }

  private boolean withoutSweep(String runId) {
    boolean found = false;
    List<RunKey> keys = finder.apply(runId);
    if (keys.size() > 1) {
      several(keys);
    }
    for (RunKey key : keys) {
      Facts facts = ports.survey().without(key);
      Explanation explanation = explanation(facts, ports.observer().verdict(facts), null);
      if (found) {
        screen.out().println();
      }
      explanation.head();
      explanation.damage(audit.apply(key, null));
      explanation.unplanned();
      explanation.body();
      found = true;
    }
    return found;
  }

  /** Which of them is meant is not guessed. */
  private void several(List<RunKey> keys) {
    List<String> folders = keys.stream().map(key -> "out/" + key.folder()).toList();
    Paragraphs print = new Paragraphs(screen);
    print.indented(
        0,
        keys.size()
            + " runs have this id, and each is told: "
            + String.join(", ", folders)
            + ". --sweep chooses one.");
    print.blank();
  }

  private Explanation explanation(Facts facts, Verdict verdict, @Nullable Row newest) {
    List<LogEnd> history =
        facts.claim() instanceof ClaimState.Logged
            ? ports.claims().history(facts.key())
            : List.of();
    return new Explanation(new Paragraphs(screen), ports, facts, verdict, newest, history);
  }
}
