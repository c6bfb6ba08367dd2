package dev.sweeprunner.relay.rows;

import dev.sweeprunner.run.Logged;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * When the newest rows were logged, by their own timestamps, in the order of their steps. Bounded:
 * of very many it forgets the older half. Guarded by its book.
 */
final class Moments {
  private static final int START = 1024;

  private final Rules rules;
  private final int most;
  private double[] timestamps = new double[START];
  private long[] steps = new long[START];
  private int count;
  private boolean forgot;

  /**
   * Remembers rows.
   *
   * @param most how many, 16 bytes each
   */
  Moments(Rules rules, int most) {
    this.rules = rules;
    this.most = most;
  }

  /** A row has arrived. */
  void row(Logged row) {
    if (count == most) {
      int half = count / 2;
      System.arraycopy(timestamps, half, timestamps, 0, count - half);
      System.arraycopy(steps, half, steps, 0, count - half);
      count -= half;
      forgot = true;
    }
    if (count == steps.length) {
      timestamps = Arrays.copyOf(timestamps, Math.min(most, count * 2));
      steps = Arrays.copyOf(steps, timestamps.length);
    }
    timestamps[count] = row.timestamp();
    steps[count++] = row.step();
  }

  /** The newest row that was logged by then; empty if none of those that are remembered was. */
  OptionalLong stepAt(double moment) {
    for (int i = count - 1; i >= 0; i--) {
      if (rules.seen(timestamps[i], moment)) {
        return OptionalLong.of(steps[i]);
      }
    }
    return OptionalLong.empty();
  }

  /** Whether older ones were forgotten. */
  boolean forgot() {
    return forgot;
  }
}
