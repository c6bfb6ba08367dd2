package dev.sweeprunner.run.work;

import org.jspecify.annotations.Nullable;

/**
 * One round over one sweep: claims and trains what can be claimed now, until nothing is left to
 * claim.
 *
 * <p>The worker knows rounds; that each is an execution of a batch job is the business of {@code
 * batch}.
 */
public interface Round {
  /** The sweep file, as the user named it. */
  String sweep();

  /** Whether every point has ended, as far as the newest listing says. */
  boolean ended();

  /**
   * Looks, without claiming, whether a round is worthwhile now; feeds the watch over the claims of
   * others.
   */
  boolean worthwhile();

  /**
   * Goes through the sweep once.
   *
   * @throws SickNode if this node cannot work
   */
  Result run();

  /**
   * How a round ended.
   *
   * @param trained runs that were worked on
   * @param limitReached whether the worker's limit of runs was reached
   * @param missing what this node lacks for runs that it could have claimed, or null
   */
  record Result(int trained, boolean limitReached, @Nullable String missing) {}
}
