package dev.sweeprunner.batch;

/** How many runs this worker may still work on, over all its sweeps. Belongs to one thread. */
public final class RunLimit {
  private long left;

  /**
   * A limit.
   *
   * @param runs how many; 0 for no limit
   */
  public RunLimit(long runs) {
    this.left = runs == 0 ? Long.MAX_VALUE : runs;
  }

  /** One run was worked on. */
  void count() {
    left--;
  }

  boolean reached() {
    return left <= 0;
  }
}
