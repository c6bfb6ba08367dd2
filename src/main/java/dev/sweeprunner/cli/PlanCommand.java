package dev.sweeprunner.cli;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.ExitCode;
import dev.sweeprunner.run.Facts;
import dev.sweeprunner.run.Pass;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Standing;
import dev.sweeprunner.run.State;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * {@code plan}: what this worker would do next, and why, changing nothing: the same pass, the same
 * facts and the same judge as the worker's, without the claim.
 */
public final class PlanCommand {
  private static final int SHOWN = 20;

  private final List<Points> sweeps;
  private final Sources sources;
  private final Training training;
  private final String worker;
  private final LongSupplier freeBytes;
  private final Screen screen;

  /**
   * A plan.
   *
   * @param worker the worker's name: its order depends on it
   * @param freeBytes of the storage root; negative where that is unknown
   */
  public PlanCommand(
      List<Points> sweeps,
      Sources sources,
      Training training,
      String worker,
      LongSupplier freeBytes,
      Screen screen) {
    this.sweeps = List.copyOf(sweeps);
    this.sources = sources;
    this.training = training;
    this.worker = worker;
    this.freeBytes = freeBytes;
    this.screen = screen;
  }

  /** Prints the plan. */
  public ExitCode run() {
    Paragraphs print = new Paragraphs(screen);
    print.line("What worker " + worker + " would do next; nothing is changed.");
    long bytes = 0;
    for (Points points : sweeps) {
      Candidates candidates = candidates(points);
      print.blank();
      print.line(points.sweep().path() + ": " + points.sweep().name());
      claims(print, points, candidates.claimable());
      others(print, "Others hold", candidates.taken());
      others(print, "Not yet", candidates.notYet());
      print.line(
          (points.size() - candidates.size())
              + " of "
              + Words.plural(points.size(), "point")
              + " "
              + "ended or are the same run as another.");
      bytes += bytes(candidates);
    }
    if (bytes > 0) {
      print.blank();
      space(print, bytes);
    }
    screen.out().flush();
    return ExitCode.DONE;
  }

  private Candidates candidates(Points points) {
    Pass pass =
        new Pass(
            points, sources.claims(), worker, sources.clock(), sources.expiry(), sources.home());
    pass.begin();
    Candidates candidates = new Candidates(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (OptionalInt next = pass.next(); next.isPresent(); next = pass.next()) {
      Point point = points.at(next.getAsInt());
      Facts facts = sources.observer().facts(point);
      Verdict verdict = sources.observer().verdict(facts);
      Standing standing = new Standing(point, facts, verdict, null);
      if (verdict instanceof Verdict.Claimable) {
        candidates.claimable().add(standing);
      } else if (verdict instanceof Verdict.Taken) {
        candidates.taken().add(standing);
      } else if (verdict instanceof Verdict.NotYet) {
        candidates.notYet().add(standing);
      }
    }
    return candidates;
  }

  private void claims(Paragraphs print, Points points, List<Standing> claimable) {
    if (claimable.isEmpty()) {
      print.line("Nothing to claim.");
      return;
    }
    Axes axes = Axes.varied(List.of(points));
    int shown = Math.min(SHOWN, claimable.size());
    for (int i = 0; i < shown; i++) {
      Standing standing = claimable.get(i);
      Point point = standing.point();
      String number = String.valueOf(i + 1);
      print.line(
          " ".repeat(Math.max(0, 3 - number.length())) + number + ". " + action(standing),
          axes.shortForm(point.overrides()));
      if (standing.verdict().state() != State.UNCLAIMED) {
        print.indented(6, standing.verdict().because().fact());
      }
      training
          .missing(point.config())
          .ifPresent(what -> print.indented(6, "This node cannot: " + what));
    }
    if (shown < claimable.size()) {
      print.line("     and " + (claimable.size() - shown) + " more");
    }
  }

  private static String action(Standing standing) {
    Point point = standing.point();
    PublishedCheckpoint resume =
        standing.verdict() instanceof Verdict.Claimable claimable ? claimable.resume() : null;
    return resume == null
        ? "start " + point.runId() + " "
        : "resume "
            + point.runId()
            + " at iteration "
            + Progress.share(resume.iter(), point.config().training().maxIters())
            + " ";
  }

  private void others(Paragraphs print, String title, List<Standing> standings) {
    if (standings.isEmpty()) {
      return;
    }
    print.line(title + ":");
    standings.stream()
        .limit(SHOWN)
        .forEach(
            standing ->
                print.indented(
                    2,
                    standing.point().runId()
                        + " "
                        + standing.verdict().state().word()
                        + ": "
                        + Reason.of(standing, sources.expiry())));
    if (standings.size() > SHOWN) {
      print.line("  and " + (standings.size() - SHOWN) + " more");
    }
  }

  private void space(Paragraphs print, long needed) {
    long free = freeBytes.getAsLong();
    String has =
        free < 0
            ? "how much is free is unknown"
            : Words.bytes(free) + " are free in the storage root";
    print.line(
        "Disk: the checkpoints of what is left need at most "
            + Words.bytes(needed)
            + "; "
            + has
            + ".");
    if (free >= 0 && free < needed) {
      print.line("That may not be enough: free some space, or raise training.eval_interval.");
    }
  }

  private long bytes(Candidates candidates) {
    long bytes = 0;
    for (List<Standing> group : candidates.all()) {
      for (Standing standing : group) {
        bytes += Space.of(standing.point().config(), training.size(standing.point().config()));
      }
    }
    return bytes;
  }

  /** What a pass offers, by what may be done to it. */
  private record Candidates(List<Standing> claimable, List<Standing> taken, List<Standing> notYet) {
    List<List<Standing>> all() {
      return List.of(claimable, taken, notYet);
    }

    int size() {
      return claimable.size() + taken.size() + notYet.size();
    }
  }
}
