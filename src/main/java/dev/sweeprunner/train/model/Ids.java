package dev.sweeprunner.train.model;

import java.util.Arrays;

/** Arrays of ids. */
final class Ids {
  private Ids() {}

  /** Elements [from, from + count), or as many of them as there are. */
  static int[] slice(int[] values, int from, int count) {
    return from == 0 ? values : Arrays.copyOfRange(values, from, from + count);
  }

  /**
   * Refuses what no model can look up.
   *
   * @throws IllegalArgumentException if there are fewer than {@code count}, or one of these is not
   *     in [low, bound)
   */
  static void check(String what, int[] values, int count, int low, int bound) {
    if (values.length < count) {
      throw new IllegalArgumentException(
          what + " ids: " + values.length + " given, " + count + " needed");
    }
    for (int i = 0; i < count; i++) {
      if (values[i] < low || values[i] >= bound) {
        throw new IllegalArgumentException(
            what + " id " + values[i] + " at position " + i + " is outside " + low + ".." + bound);
      }
    }
  }
}
