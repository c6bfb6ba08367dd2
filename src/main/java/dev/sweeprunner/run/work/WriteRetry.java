package dev.sweeprunner.run.work;

import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.Narrator;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.TrainingFailure;
import java.io.IOException;
import java.time.Duration;

/**
 * How hard to try when something that must be kept cannot be written, for example on a full disk.
 */
final class WriteRetry {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** What a user can do where something cannot be written. */
  static final String WAY_OUT = "free space or mend the disk";

  private final Pause pause;
  private final StopSignal stop;
  private final Narrator narrator;
  private final Duration longest;

  WriteRetry(Pause pause, StopSignal stop, Narrator narrator, Duration longest) {
    this.pause = pause;
    this.stop = stop;
    this.narrator = narrator;
    this.longest = longest;
  }

  /**
   * Tries one thing once; failing to write is the node's fault.
   *
   * @throws SickNode if it cannot be written
   */
  boolean once(String what, Write write) {
    try {
      return write.run();
    } catch (IOException error) {
      throw sick(what, error);
    }
  }

  /**
   * Tries again with growing pauses, until it is written, a stop is requested, or the time is up.
   *
   * @throws SickNode if a stop is requested; {@link NoRoom} if the disk is full
   * @throws TrainingFailure if it cannot be written for another reason: a node is sick only where
   *     other runs fail on it too
   */
  boolean insist(String what, Write write) {
    Duration waited = Duration.ZERO;
    Duration next = FIRST_PAUSE;
    while (true) {
      try {
        return write.run();
      } catch (IOException error) {
        if (stop.requested() || waited.compareTo(longest) >= 0) {
          throw given(what, error);
        }
        narrator.say(
            "The "
                + what
                + " could not be written: "
                + Why.at(error)
                + ". It is tried again in "
                + next.toSeconds()
                + " s.");
        pause.pause(next);
        waited = waited.plus(next);
        next =
            next.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                ? next.multipliedBy(2)
                : LONGEST_PAUSE;
      }
    }
  }

  private RuntimeException given(String what, IOException error) {
    return stop.requested() || NoRoom.behind(error)
        ? sick(what, error)
        : new TrainingFailure(
            FailureClass.INFRA, "the " + what + " could not be written: " + Why.at(error), error);
  }

  private static SickNode sick(String what, IOException error) {
    return NoRoom.or(
        "the " + what + " could not be written: " + Why.at(error) + "; free space or mend the disk",
        error);
  }

  /** Something that writes and says whether it won. */
  interface Write {
    /** True if it won, false if superseded. */
    boolean run() throws IOException;
  }
}
