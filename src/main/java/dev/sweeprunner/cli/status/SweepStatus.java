package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.LookedAt;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.WorkerReport;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One sweep at one moment: what every view of {@code status} prints.
 *
 * @param points the grid
 * @param statuses where each point stands, in grid order
 * @param workers what those say of themselves who have its runs
 * @param expiry how long a beat must be watched standing still
 * @param root where they were looked for
 */
record SweepStatus(
    Points points,
    List<PointStatus> statuses,
    List<WorkerReport.Status> workers,
    Duration expiry,
    LookedAt root) {

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
  double tokensPerSecond() {
    return statuses.stream().filter(this::first).mapToDouble(this::tokensPerSecond).sum();
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
