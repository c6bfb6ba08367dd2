package dev.sweeprunner.run;

/** Why an owner gave a run back in order. */
public enum ReleaseReason {
  /** A signal: the work goes on elsewhere or later. */
  PREEMPTED,
  /** The worker leaves for a reason of its own: its limit of runs, a sick node, missing inputs. */
  SHUTDOWN,
  /** Another cluster won the race for this run, or may have: nothing was done on it here. */
  LOST_RACE,
  /** The user stopped this run; only {@code reset} frees it. */
  HELD
}
