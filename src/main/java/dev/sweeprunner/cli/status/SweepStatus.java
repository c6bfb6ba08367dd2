package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.HeadMetric;
import dev.sweeprunner.cli.LookPorts;
import dev.sweeprunner.cli.LookedAt;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.WorkerReport;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.State;
import dev.sweeprunner.run.judge.Verdict;
import dev.sweeprunner.sweep.Metric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One sweep at one moment: what every view of {@code status} prints, and the page shows.
 *
 * @param points the grid
 * @param statuses where each point stands, in grid order
 * @param workers what those say of themselves who have its runs
 * @param expiry how long a beat must be watched standing still
 * @param root where they were looked for
 */
public record SweepStatus(
    Points points,
    List<PointStatus> statuses,
    List<WorkerReport.Status> workers,
    Duration expiry,
    LookedAt root) {

  /** Where every point of these sweeps stands now; each point is looked at once. */
  public static List<SweepStatus> look(List<Points> sweeps, LookPorts ports) {
    LookedAt root = ports.root().now();
    List<SweepStatus> looks = new ArrayList<>();
    for (Points points : sweeps) {
      List<PointStatus> found = ports.survey().of(points);
      looks.add(new SweepStatus(points, found, owners(found, ports), ports.expiry(), root));
    }
    return looks;
  }

  /** What those say of themselves who have one of these runs; there may be many others. */
  private static List<WorkerReport.Status> owners(List<PointStatus> found, LookPorts ports) {
    return found.stream()
        .filter(point -> point.verdict() instanceof Verdict.Taken)
        .flatMap(point -> point.end().stream())
        .map(end -> end.owner().worker())
        .distinct()
        .flatMap(worker -> ports.workers().of(worker).stream())
        .toList();
  }

  /** Tokens per second of a run in training, by its owner's own report; 0 where unknown. */
  double tokensPerSecond(PointStatus pointStatus) {
    Optional<LogEnd> end = pointStatus.end();
    State state = pointStatus.verdict().state();
    if (end.isEmpty() || (state != State.TRAINING && state != State.CLAIMED)) {
      return 0;
    }
    String owner = end.get().owner().incarnation();
    return workers.stream()
        .filter(worker -> worker.owner().incarnation().equals(owner))
        .filter(worker -> pointStatus.point().runId().equals(worker.runId()))
        .mapToDouble(WorkerReport.Status::tokensPerSecond)
        .filter(rate -> rate > 0)
        .findFirst()
        .orElse(0);
  }

  /** Time to a run's end at its owner's rate, or null where either is unknown. */
  @Nullable Duration left(PointStatus pointStatus) {
    return endless(pointStatus)
        ? null
        : time(Forecast.workLeft(pointStatus), tokensPerSecond(pointStatus));
  }

  /** Tokens per second of all runs of this sweep together. */
  public double tokensPerSecond() {
    return statuses.stream().filter(this::first).mapToDouble(this::tokensPerSecond).sum();
  }

  /** How much of the work is done, from 0 to 1; empty where no end of any point is known. */
  public OptionalDouble share() {
    boolean known =
        statuses.stream().anyMatch(p -> p.verdict() instanceof Verdict.Ended || !endless(p));
    return known ? OptionalDouble.of(Groups.share(statuses)) : OptionalDouble.empty();
  }

  /** The metric by which points are compared; empty where none is known yet. */
  public Optional<Metric> metric() {
    Metric aim = points.sweep().metric();
    Set<String> names = new LinkedHashSet<>();
    statuses.forEach(point -> names.addAll(point.metrics().keySet()));
    return HeadMetric.of(names, points.aim())
        .map(name -> new Metric(name, Metric.Goal.MINIMIZE))
        .map(head -> aim != null && aim.name().equals(head.name()) ? aim : head)
        .or(() -> Optional.ofNullable(aim));
  }

  /** A program that has not said how far it goes. */
  private static boolean endless(PointStatus pointStatus) {
    return pointStatus.maxIters() <= 0;
  }

  /** Whether this is the first of the points that share its run. */
  boolean first(PointStatus pointStatus) {
    return !points.isDuplicate(pointStatus.point().index());
  }

  private static @Nullable Duration time(double tokens, double tokensPerSecond) {
    return tokensPerSecond <= 0
        ? null
        : Duration.ofMillis((long) (1000 * Math.min(1e12, tokens / tokensPerSecond)));
  }
}
