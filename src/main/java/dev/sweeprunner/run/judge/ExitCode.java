package dev.sweeprunner.run.judge;

import java.util.List;

/** What a process tells its caller. No requeue ever rests on it. */
public enum ExitCode {
  /** Every point finished, here or elsewhere. */
  DONE(0),
  /** All ended, but some invalid, poisoned, held or foreign; or the worker broke. */
  INCOMPLETE(1),
  /** Usage or bad input. */
  USAGE(2),
  /** Nothing to do for now, and asked not to wait. */
  IDLE(3),
  /** This node cannot work: data missing, disk full, device failing. */
  SICK_NODE(4),
  /** Stopped in order, with work left. */
  STOPPED(75);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /** The number. */
  public int code() {
    return code;
  }

  /** Whether a worker left in order, with nothing wrong, though work may be left. */
  public boolean inOrder() {
    return this == DONE || this == IDLE || this == STOPPED;
  }

  /** The code for a sweep of which every point has ended. */
  public static ExitCode ofEnded(List<PointStatus> statuses) {
    boolean allFinished =
        statuses.stream()
            .map(pointStatus -> pointStatus.verdict().state())
            .allMatch(state -> state == State.FINISHED || state == State.ELSEWHERE);
    return allFinished ? DONE : INCOMPLETE;
  }

  /** Whether every point has ended. */
  public static boolean allEnded(List<PointStatus> statuses) {
    return statuses.stream()
        .allMatch(pointStatus -> pointStatus.verdict() instanceof Verdict.Ended);
  }
}
