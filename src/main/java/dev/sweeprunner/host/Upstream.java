package dev.sweeprunner.host;

/** How a work tree stands to its upstream; unknown is not up to date. */
sealed interface Upstream {
  /** The upstream holds nothing that this commit lacks. */
  record UpToDate(String upstream) implements Upstream {}

  /**
   * The upstream is ahead.
   *
   * @param commits how many it has that this work tree lacks
   * @param upstream its short name, for example {@code origin/main}
   */
  record Behind(int commits, String upstream) implements Upstream {}

  /** The question failed. */
  record Unknown(String why) implements Upstream {}

  /** There is nothing to ask: no work tree, no commit, or no upstream. */
  record NotApplicable(String why) implements Upstream {}
}
