package dev.sweeprunner.run;

/** What a worker brings its own Slurm task back from; each word means what those before it do. */
public enum RequeuePolicy {
  /** From nothing: that is left to the user. */
  NEVER,
  /** From the grace time of a preemption after which Slurm itself would requeue the task. */
  PREEMPT,
  /** From its time limit and an early warning too. */
  LIMIT,
  /** From a preemption too that the site means as the end of the task. */
  ALWAYS;

  /** Whether a task comes back that met its time limit, or a warning of it. */
  public boolean afterLimit() {
    return compareTo(LIMIT) >= 0;
  }

  /**
   * Whether a task comes back that Slurm preempts, and would lose.
   *
   * @param cancels whether the site ends what it preempts ({@code PreemptMode=CANCEL})
   */
  public boolean afterPreemption(boolean cancels) {
    return cancels ? this == ALWAYS : this != NEVER;
  }
}
