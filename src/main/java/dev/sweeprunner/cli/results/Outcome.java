package dev.sweeprunner.cli.results;

import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.State;
import dev.sweeprunner.run.judge.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * What a point has come to.
 *
 * @param status where it stands
 */
record Outcome(PointStatus status) {
  int index() {
    return status.point().index();
  }

  String runId() {
    return status.point().runId();
  }

  State state() {
    return status.verdict().state();
  }

  /** Whether its values are final: it is finished, here or elsewhere. */
  boolean counts() {
    return status.verdict() instanceof Verdict.Ended
        && (state() == State.FINISHED || state() == State.ELSEWHERE);
  }

  /** Its newest value, final or not; null where it has none. */
  @Nullable Double value(String metric) {
    return status.metrics().get(metric);
  }

  /** Whether it has a final value that is a finite number. */
  boolean measured(String metric) {
    Double value = value(metric);
    return counts() && value != null && Double.isFinite(value);
  }
}
