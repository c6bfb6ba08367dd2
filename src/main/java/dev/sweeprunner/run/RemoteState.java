package dev.sweeprunner.run;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What W&amp;B says of a run: the one place that knows what its words for a state mean. The server
 * may have more of them than are known here ({@code pending}, {@code crashed}, {@code failed},
 * {@code killed}, {@code preempted}, ...): whatever is neither finished nor at work has ended
 * without being done, or says nothing.
 *
 * @param word as W&amp;B names the state, in lower case; empty where it names none
 * @param iter the summary's newest iteration, or -1
 * @param silent age of the newest heartbeat by W&amp;B's clock, or null where there is none
 */
public record RemoteState(String word, long iter, @Nullable Duration silent) {
  /** W&amp;B's word for a run that ended with exit code 0, whether or not it had done all. */
  public static final String FINISHED = "finished";

  private static final String RUNNING = "running";

  /** Its owner was told to go and still works. */
  private static final String PREEMPTING = "preempting";

  /** Whether it ended with exit code 0: what this program also says of a run only when whole. */
  public boolean finished() {
    return word.equals(FINISHED);
  }

  /**
   * Whether it has finished all its updates. The word alone does not say so: the earlier runner
   * also marks preempted runs finished.
   */
  public boolean whole(Goal goal) {
    return finished() && goal.reached(iter);
  }

  /** Whether W&amp;B has not noticed an end: somebody works on it, or died a moment ago. */
  public boolean working() {
    return word.equals(RUNNING) || word.equals(PREEMPTING);
  }

  /**
   * Whether somebody works on it now.
   *
   * @param fresh how young a heartbeat must be to count
   */
  public boolean live(Duration fresh) {
    return working() && silent != null && silent.compareTo(fresh) <= 0;
  }
}
