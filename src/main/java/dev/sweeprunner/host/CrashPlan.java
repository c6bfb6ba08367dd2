package dev.sweeprunner.host;

import dev.sweeprunner.problem.UserError;
import java.util.Optional;

/**
 * At which named point of the protocol a tested process dies, and how.
 *
 * @param point the point's name
 * @param time the how-manieth time it is reached, from 1
 * @param how the way
 */
record CrashPlan(String point, int time, How how) {
  /** Ways to die. */
  public enum How {
    /** The process ends on the spot, as by SIGKILL. */
    HALT,
    /** The thread stands still for ever, so that a script can kill the process exactly here. */
    HANG,
    /** The whole process freezes by SIGSTOP and goes on from here after SIGCONT. */
    STOP,
    /** The process sends itself a SIGTERM and goes on. */
    TERM
  }

  /**
   * Reads the settings.
   *
   * @param at {@code POINT} or {@code POINT#k}; blank for none
   * @param how {@code halt}, {@code hang}, {@code stop} or {@code term}; blank for {@code halt}
   * @throws UserError if they cannot be read
   */
  public static Optional<CrashPlan> of(String at, String how) {
    if (at.isBlank()) {
      return Optional.empty();
    }
    int mark = at.indexOf('#');
    var point = mark < 0 ? at : at.substring(0, mark);
    return Optional.of(new CrashPlan(point, time(at, mark), how(how)));
  }

  private static int time(String at, int mark) {
    try {
      int time = mark < 0 ? 1 : Integer.parseInt(at.substring(mark + 1));
      if (time >= 1) {
        return time;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number below 1.
    }
    throw new UserError(
        "test.crash-at", "\"" + at + "\" is not POINT or POINT#k", "Let k be 1 or more");
  }

  private static How how(String how) {
    return switch (how) {
      case "", "halt" -> How.HALT;
      case "hang" -> How.HANG;
      case "stop" -> How.STOP;
      case "term" -> How.TERM;
      default ->
          throw new UserError(
              "test.crash-how", "\"" + how + "\" is unknown", "Use halt, hang, stop or term");
    };
  }
}
