package dev.sweeprunner.run.work;

import java.util.Optional;
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
   * Looks whether the sweep file was edited.
   *
   * @return whether it was, so that there may be more to do
   */
  boolean edited();

  /**
   * Looks, without claiming, whether a round is worthwhile now; feeds the watch over the claims of
   * others. A sweep that has ended is looked at too: it may have been edited, or a run been reset.
   */
  boolean worthwhile();

  /**
   * Whether the newest look found that nothing is likely to be had soon: all that is left is held,
   * and its owners are seen to live.
   */
  default boolean calm() {
    return false;
  }

  /**
   * Why W&amp;B does not say whether another cluster has what is left, as of the newest look, where
   * nothing is claimed without its answer.
   */
  default Optional<String> unanswered() {
    return Optional.empty();
  }

  /**
   * Goes through the sweep, until a whole pass has claimed nothing.
   *
   * @param brief whether it ends earlier, once a listing has become old: there are sweeps that are
   *     more wanted, and may have work again
   * @throws SickNode if this node cannot work
   */
  Result run(boolean brief);

  /**
   * How a round ended.
   *
   * @param trained runs that were worked on
   * @param limitReached whether the worker's limit of runs was reached
   * @param missing what this node lacks for runs that it could have claimed, or null
   */
  record Result(int trained, boolean limitReached, @Nullable String missing) {}
}
