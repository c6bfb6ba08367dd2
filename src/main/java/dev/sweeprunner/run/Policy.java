package dev.sweeprunner.run;

import java.time.Duration;

/**
 * What the user chose about claiming.
 *
 * @param afresh start foreign partial runs from scratch beside their old files
 * @param down what to do while the tracking service cannot be asked
 * @param crashGrace how long a crashed run of another cluster is left to that cluster
 * @param heartbeatFresh how young a remote heartbeat must be to count as live
 * @param attempts when to back off and when to give up
 */
public record Policy(
    boolean afresh, Down down, Duration crashGrace, Duration heartbeatFresh, Attempts attempts) {
  /** The answer to "unknown whether another cluster has it". */
  public enum Down {
    /** Claim nothing whose absence elsewhere is unknown. */
    CLOSED,
    /** Claim home runs and resume local ones. */
    HOME,
    /** Claim all. */
    OPEN
  }
}
