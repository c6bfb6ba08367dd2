package dev.sweeprunner.relay.rows;

import dev.sweeprunner.run.Logged;
import java.time.Duration;

/**
 * Whether all that was logged up to a moment has arrived. Any thread: posts begin and end while
 * another is being written down.
 */
final class Coverage {
  private final Rules rules;
  private int underWay;
  private long quietSince;
  private double newest = Double.NEGATIVE_INFINITY;
  private double asked = Double.NEGATIVE_INFINITY;
  private long askedAt;
  private boolean refused;
  private boolean complete;

  /** Nothing has arrived yet. */
  Coverage(Rules rules, long nanos) {
    this.rules = rules;
    this.quietSince = nanos;
  }

  /** A post has begun to arrive. */
  synchronized void begun() {
    underWay++;
  }

  /** A post was answered, or broke off. */
  synchronized void ended(long nanos) {
    underWay = Math.max(0, underWay - 1);
    quietSince = nanos;
  }

  /** A row has arrived; of one client they come in their order. */
  synchronized void row(Logged row) {
    newest = row.timestamp();
  }

  /** A post could not be written down: the client tries again, later and later. */
  synchronized void refused(boolean now) {
    refused = now;
  }

  /** Whether the client has said goodbye. */
  synchronized void complete(boolean said) {
    complete = said;
  }

  /** Whether it has, and nothing came since. */
  synchronized boolean complete() {
    return complete;
  }

  /**
   * Whether all rows up to a moment have arrived. Silence counts from the first question about that
   * moment, which lies behind it for certain: clocks of two hosts differ.
   */
  synchronized boolean covers(double moment, Habit habit, long nanos) {
    if (asked != moment) {
      asked = moment;
      askedAt = nanos;
    }
    return complete
        || rules.shows(newest, moment)
        || (rules.silenceShows(habit) && underWay == 0 && !refused && silent(nanos));
  }

  private boolean silent(long nanos) {
    return rules.silent(Duration.ofNanos(nanos - quietSince), Duration.ofNanos(nanos - askedAt));
  }
}
