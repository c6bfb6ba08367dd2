package dev.sweeprunner.cli;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Origin;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.run.judge.Facts;
import dev.sweeprunner.run.work.Import;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * {@code import RUN_ID}: another program's weights as the starting checkpoint of a run that has
 * none.
 */
public final class ImportCommand {
  private final List<Points> sweeps;
  private final Import work;
  private final Screen screen;

  /** An import into a run of these sweeps. */
  public ImportCommand(List<Points> sweeps, Import work, Screen screen) {
    this.sweeps = List.copyOf(sweeps);
    this.work = work;
    this.screen = screen;
  }

  /**
   * What is imported.
   *
   * @param state as a checkpoint of the run
   * @param from where it comes from, for its record
   */
  public record Start(Snapshot state, Origin from) {}

  /**
   * Imports into one run.
   *
   * @param read gives what is imported, once it is known that the run can take it
   * @throws UserError if it cannot, or what was read does not fit
   */
  public ExitCode run(String runId, Function<Point, Start> read) {
    Point point = point(runId);
    Facts facts = work.admit(point);
    Start start = read.apply(point);
    work.into(point, facts, start.state(), start.from());
    screen
        .out()
        .printf(
            "%s: imported from %s; the next free worker goes on from there%n",
            runId, start.from().words());
    screen.out().flush();
    return ExitCode.DONE;
  }

  private Point point(String runId) {
    for (Points points : sweeps) {
      OptionalInt index = points.indexOf(runId);
      if (index.isPresent() && points.byProgram()) {
        throw new UserError(
            runId,
            "a program of yours trains it, and only that can read its checkpoints",
            "Put them where the program looks: docs/programs.md");
      } else if (index.isPresent()) {
        return points.at(index.getAsInt());
      }
    }
    throw new UserError(
        runId, "no point of the sweeps that are given has this run id", "status shows the ids");
  }
}
