package dev.sweeprunner.cli;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.State;
import dev.sweeprunner.run.judge.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * {@code plan OLD NEW}: which runs a sweep keeps, gains and loses where one file takes another's
 * place, what becomes of those that it loses, and how much space it needs. Changes nothing.
 */
public final class CompareCommand {
  private static final int SHOWN = 20;

  private final Points before;
  private final Points after;
  private final LookPorts ports;
  private final Training training;
  private final LongSupplier freeBytes;
  private final Screen screen;

  /**
   * A comparison.
   *
   * @param freeBytes of the storage root; negative where that is unknown
   */
  public CompareCommand(
      Points before,
      Points after,
      LookPorts ports,
      Training training,
      LongSupplier freeBytes,
      Screen screen) {
    this.before = before;
    this.after = after;
    this.ports = ports;
    this.training = training;
    this.freeBytes = freeBytes;
    this.screen = screen;
  }

  /** Prints it for a person. */
  public ExitCode table() {
    Comparison all = compare();
    Paragraphs print = new Paragraphs(screen);
    print.line(
        before.sweep().path()
            + " ("
            + HumanFormat.plural(all.kept().size() + all.dropped().size(), "run")
            + ") becomes "
            + after.sweep().path()
            + " ("
            + HumanFormat.plural(all.kept().size() + all.added().size(), "run")
            + "); nothing is changed.");
    if (!before.projectSlug().equals(after.projectSlug())) {
      print.line("The project is another one: runs of two projects are never the same.");
    }
    kept(print, all.kept());
    list(print, "Added", all.added(), after);
    list(print, "Dropped", all.dropped(), before);
    print.blank();
    new Space.Need(all.bytes(), freeBytes.getAsLong()).tell(print);
    ports.root().tell(screen);
    screen.out().flush();
    return ExitCode.DONE;
  }

  /** Prints it for a program. */
  public ExitCode json() {
    Comparison all = compare();
    all.json(freeBytes.getAsLong(), ports.root(), screen.raw());
    return ExitCode.DONE;
  }

  private Comparison compare() {
    Set<String> old = runIds(before);
    Set<String> wanted = runIds(after);
    boolean same = before.projectSlug().equals(after.projectSlug());
    List<PointStatus> kept = new ArrayList<>();
    List<PointStatus> added = new ArrayList<>();
    for (PointStatus each : statuses(after, wanted)) {
      (same && old.contains(each.point().runId()) ? kept : added).add(each);
    }
    List<PointStatus> dropped = new ArrayList<>();
    if (same) {
      old.removeAll(wanted);
    }
    dropped.addAll(statuses(before, old));
    long bytes = 0;
    for (List<PointStatus> part : List.of(kept, added)) {
      for (PointStatus each : part) {
        boolean ended = each.verdict() instanceof Verdict.Ended;
        Point point = each.point();
        bytes += ended ? 0 : Space.of(point.config(), training.size(point.config()));
      }
    }
    return new Comparison(kept, added, dropped, bytes);
  }

  private static Set<String> runIds(Points points) {
    Set<String> runIds = new HashSet<>();
    for (int i = 0; i < points.size(); i++) {
      runIds.add(points.runId(i));
    }
    return runIds;
  }

  /** Where the points with these ids stand, in grid order, each once. */
  private List<PointStatus> statuses(Points points, Set<String> runIds) {
    List<PointStatus> statuses = new ArrayList<>();
    Set<String> left = new HashSet<>(runIds);
    for (int i = 0; i < points.size(); i++) {
      if (left.remove(points.runId(i))) {
        statuses.add(ports.observer().pointStatus(points.at(i)));
      }
    }
    return statuses;
  }

  private static void kept(Paragraphs print, List<PointStatus> kept) {
    print.blank();
    long finished = kept.stream().filter(each -> each.verdict().state() == State.FINISHED).count();
    long begun = kept.stream().filter(each -> progress(each) && !ended(each)).count();
    print.line(
        "Kept: "
            + kept.size()
            + ", of which "
            + finished
            + " finished and "
            + begun
            + " with progress");
  }

  private void list(Paragraphs print, String title, List<PointStatus> statuses, Points points) {
    print.blank();
    print.line(title + ": " + statuses.size());
    Axes axes = Axes.varied(List.of(points));
    for (PointStatus each : statuses.subList(0, Math.min(SHOWN, statuses.size()))) {
      print.line("  " + each.point().runId() + "  ", axes.shortForm(each.point().overrides()));
      if (points == before) {
        print.indented(4, Comparison.becomes(each));
      } else if (each.verdict().state() != State.UNCLAIMED) {
        print.indented(4, "It is " + each.verdict().state().shown() + " already.");
      }
    }
    if (statuses.size() > SHOWN) {
      print.line("  and " + (statuses.size() - SHOWN) + " more");
    }
  }

  private static boolean progress(PointStatus each) {
    return each.iter() > 0;
  }

  private static boolean ended(PointStatus each) {
    return each.verdict() instanceof Verdict.Ended;
  }
}
