package dev.sweeprunner.cli;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.State;
import dev.sweeprunner.run.judge.Verdict;
import dev.sweeprunner.run.work.Pass;
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
  private final LookPorts ports;
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
      LookPorts ports,
      Training training,
      String worker,
      LongSupplier freeBytes,
      Screen screen) {
    this.sweeps = List.copyOf(sweeps);
    this.ports = ports;
    this.training = training;
    this.worker = worker;
    this.freeBytes = freeBytes;
    this.screen = screen;
  }

  /** Prints the plan. */
  public ExitCode run() {
    Paragraphs print = new Paragraphs(screen);
    print.indented(0, "What worker " + worker + " would do next; nothing is changed.");
    long bytes = 0;
    for (Points points : sweeps) {
      List<PointStatus> candidates = candidates(points);
      print.blank();
      print.indented(0, points.sweep().path() + ": " + points.group());
      claims(print, points, of(Verdict.Claimable.class, candidates));
      others(print, "Others hold", of(Verdict.Taken.class, candidates));
      others(print, "Not yet", of(Verdict.NotYet.class, candidates));
      print.line(
          (points.size() - candidates.size())
              + " of "
              + HumanFormat.plural(points.size(), "point")
              + " ended or are the same run as another.");
      bytes += candidates.stream().map(PointStatus::point).mapToLong(this::bytes).sum();
    }
    print.blank();
    if (bytes > 0) {
      new Space.Need(bytes, freeBytes.getAsLong()).tell(print);
    }
    ports.root().tell(screen);
    return ExitCode.DONE;
  }

  /** What a pass offers and has not ended, in its order. */
  private List<PointStatus> candidates(Points points) {
    Pass pass =
        new Pass(points, ports.claims(), worker, ports.clock(), ports.expiry(), ports.home());
    pass.begin();
    List<PointStatus> candidates = new ArrayList<>();
    for (OptionalInt next = pass.next(); next.isPresent(); next = pass.next()) {
      PointStatus pointStatus = ports.observer().pointStatus(points.at(next.getAsInt()));
      if (!(pointStatus.verdict() instanceof Verdict.Ended)) {
        candidates.add(pointStatus);
      }
    }
    return candidates;
  }

  private static List<PointStatus> of(Class<? extends Verdict> kind, List<PointStatus> statuses) {
    return statuses.stream().filter(pointStatus -> kind.isInstance(pointStatus.verdict())).toList();
  }

  private void claims(Paragraphs print, Points points, List<PointStatus> claimable) {
    if (claimable.isEmpty()) {
      print.line("Nothing to claim.");
      return;
    }
    Axes axes = Axes.varied(List.of(points));
    List<PointStatus> shown = claimable.subList(0, Math.min(SHOWN, claimable.size()));
    Causes causes = new Causes();
    Causes missing = new Causes();
    for (PointStatus each : shown) {
      String runId = each.point().runId();
      if (each.verdict().state() != State.UNCLAIMED) {
        causes.add(each.verdict().state().shown(), runId, each.verdict().because().fact());
      }
      training.missing(each.point().config()).ifPresent(what -> missing.add("", runId, what));
    }
    for (int i = 0; i < shown.size(); i++) {
      claim(print, axes, i + 1, shown.get(i), causes);
    }
    if (shown.size() < claimable.size()) {
      print.line("     and " + (claimable.size() - shown.size()) + " more");
    }
    causes.all().stream()
        .filter(each -> each.runIds().size() > 1)
        .forEach(
            each -> print.indented(2, each.who(SHOWN) + " " + each.word() + ": " + each.text()));
    missing
        .all()
        .forEach(
            each ->
                print.indented(
                    2, "This node cannot train " + each.who(SHOWN) + ": " + each.text()));
  }

  /** One run, and why it is free where no other run below has the same cause. */
  private static void claim(
      Paragraphs print, Axes axes, int rank, PointStatus pointStatus, Causes causes) {
    String number = String.valueOf(rank);
    print.line(
        " ".repeat(Math.max(0, 3 - number.length())) + number + ". " + action(pointStatus),
        axes.shortForm(pointStatus.point().overrides()));
    String fact = pointStatus.verdict().because().fact();
    String runId = pointStatus.point().runId();
    if (causes.only(pointStatus.verdict().state().shown(), runId, fact)) {
      print.indented(6, fact);
    }
  }

  private static String action(PointStatus pointStatus) {
    Point point = pointStatus.point();
    PublishedCheckpoint resume =
        pointStatus.verdict() instanceof Verdict.Claimable claimable ? claimable.resume() : null;
    return resume == null
        ? "start " + point.runId() + " "
        : "resume "
            + point.runId()
            + " at iteration "
            + Progress.share(resume.iter(), point.config().maxIters())
            + " ";
  }

  private void others(Paragraphs print, String title, List<PointStatus> statuses) {
    if (statuses.isEmpty()) {
      return;
    }
    print.line(title + ":");
    Causes causes = new Causes();
    statuses.forEach(
        each ->
            causes.add(
                each.verdict().state().shown(),
                each.point().runId(),
                Reason.of(each, ports.expiry())));
    List<Causes.Cause> all = causes.all();
    all.stream()
        .limit(SHOWN)
        .forEach(
            each -> print.indented(2, each.who(SHOWN) + " " + each.word() + ": " + each.text()));
    if (all.size() > SHOWN) {
      print.line("  and " + (all.size() - SHOWN) + " more");
    }
  }

  private long bytes(Point point) {
    return Space.of(point.config(), training.size(point.config()));
  }
}
