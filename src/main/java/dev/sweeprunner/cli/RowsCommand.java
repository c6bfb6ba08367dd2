package dev.sweeprunner.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.options.OutputFormat;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.RowText;
import dev.sweeprunner.run.RunRows;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.judge.ExitCode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * {@code rows}: every row of every point, finished or not, for a plot. Changes nothing, may be
 * called while workers work, and holds one row at a time: of CSV, which needs all names for its
 * first line, everything is read twice.
 */
public final class RowsCommand {
  private static final int BUFFER = 1 << 16;

  private final List<Points> sweeps;
  private final Claims claims;
  private final RunRows rows;
  private final Path root;
  private final StopSignal stop;
  private final Consumer<String> warnings;
  private final PrintStream out;
  private final PrintWriter lines;
  private boolean any;

  /**
   * Rows of these sweeps.
   *
   * @param root the storage root, for who looks in a wrong one
   * @param stop ends it between two runs; so does a reader that has gone away
   * @param warnings receives what could not be read, one sentence per run
   */
  public RowsCommand(
      List<Points> sweeps,
      Claims claims,
      RunRows rows,
      Path root,
      StopSignal stop,
      Consumer<String> warnings,
      Screen screen) {
    this.sweeps = List.copyOf(sweeps);
    this.claims = claims;
    this.rows = rows;
    this.root = root;
    this.stop = stop;
    this.warnings = warnings;
    this.out = screen.raw();
    this.lines = new PrintWriter(new BufferedWriter(new OutputStreamWriter(out, UTF_8), BUFFER));
  }

  /** Where the rows go. */
  interface Sink {
    /** The rows that follow are this point's. */
    void begin(Point point);

    void row(RowText row);
  }

  /**
   * Prints the rows, the points in grid order.
   *
   * @return {@link ExitCode#INCOMPLETE} if rows of a run could not be read, {@link
   *     ExitCode#STOPPED} if cut off
   */
  public ExitCode run(OutputFormat format) {
    ExitCode code = format == OutputFormat.JSONL ? each(new RowsJsonl(lines), warnings) : csv();
    lines.flush();
    if (!any && code == ExitCode.DONE) {
      warnings.accept("no point of these sweeps has a row under " + root + " yet.");
    }
    return code;
  }

  private ExitCode csv() {
    RowsCsv.Names names = new RowsCsv.Names();
    ExitCode code = each(names, warnings);
    if (code == ExitCode.STOPPED) {
      return code;
    }
    ExitCode printed = each(new RowsCsv(lines, names), warning -> {});
    return printed == ExitCode.DONE ? code : printed;
  }

  private ExitCode each(Sink sink, Consumer<String> complaints) {
    ExitCode code = ExitCode.DONE;
    Set<String> seen = new HashSet<>();
    for (Points points : sweeps) {
      for (int i = 0; i < points.size(); i++) {
        if (stop.requested() || out.checkError()) {
          return ExitCode.STOPPED;
        }
        Point point = points.at(i);
        boolean its = point.invalid() == null && seen.add(point.key().project() + point.runId());
        if (its && !each(point, sink, complaints)) {
          code = ExitCode.INCOMPLETE;
        }
      }
    }
    return code;
  }

  private boolean each(Point point, Sink sink, Consumer<String> complaints) {
    String why = "";
    ClaimState claim = claims.look(point.key());
    if (claim instanceof ClaimState.Unreadable unreadable) {
      why = unreadable.why();
    } else if (claim instanceof ClaimState.Logged logged && logged.end().unreadable()) {
      why = logged.end().writer();
    } else if (claim instanceof ClaimState.Logged logged) {
      why = rows(point, logged.end(), sink);
    }
    if (!why.isEmpty()) {
      complaints.accept(
          "%s: rows are left out: %s. See explain %s."
              .formatted(point.runId(), why, point.runId()));
    }
    return why.isEmpty();
  }

  /** Why some are left out; empty if none are. */
  private String rows(Point point, LogEnd end, Sink sink) {
    try {
      sink.begin(point);
      rows.each(
          point.key(),
          end,
          row -> {
            any = true;
            sink.row(row);
          });
      return "";
    } catch (IOException e) {
      return Why.at(e);
    }
  }
}
