package dev.sweeprunner.run.judge;

import java.time.Duration;

/**
 * What the user chose about claiming.
 *
 * @param afresh start foreign partial runs from scratch beside their old files
 * @param down what to do while W&amp;B cannot be asked
 * @param home which runs belong to this cluster first
 * @param crashGrace how long a crashed run of another cluster is left to that cluster
 * @param live how young a remote heartbeat must be to count as live
 * @param comeBack how long a run is left to the Slurm task that was requeued with it
 * @param retryPolicy when to back off and when to give up
 */
public record Policy(
    boolean afresh,
    Down down,
    HomeCluster home,
    Duration crashGrace,
    Duration live,
    Duration comeBack,
    RetryPolicy retryPolicy) {
  /** The same of who leaves another program's partial runs beside what is begun here. */
  public Policy beginningAfresh() {
    return new Policy(true, down, home, crashGrace, live, comeBack, retryPolicy);
  }

  /**
   * Whether a run stays unclaimed while it is unknown whether another cluster has it.
   *
   * @param local whether this lock directory has worked on it before
   */
  public boolean closes(String runId, boolean local) {
    return switch (down) {
      case OPEN -> false;
      case CLOSED -> true;
      case HOME -> !local && !home.owns(runId);
    };
  }

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
