package dev.sweeprunner.train.cuda;

import java.util.Arrays;

/**
 * Sorts token numbers by their ids, stably: all tokens of id i stand in {@code order} from {@code
 * starts[i]} to {@code starts[i + 1]}, in ascending order. The arrays are used anew by each sort.
 */
final class CountingSort {
  private final int range;
  private final int[] order;
  private final int[] starts;

  /**
   * @param range ids are below
   * @param most tokens
   */
  CountingSort(int range, int most) {
    this.range = range;
    this.order = new int[most];
    this.starts = new int[range + 1];
  }

  /** Sorts the first {@code count} tokens; those with a negative id are in no group. */
  void sort(int[] ids, int count) {
    Arrays.fill(starts, 0);
    for (int i = 0; i < count; i++) {
      if (ids[i] >= 0) {
        starts[ids[i] + 1]++;
      }
    }
    for (int id = 0; id < range; id++) {
      starts[id + 1] += starts[id];
    }
    // Placing moves each start to its group's end, which is the next group's start.
    for (int i = 0; i < count; i++) {
      if (ids[i] >= 0) {
        order[starts[ids[i]]++] = i;
      }
    }
    System.arraycopy(starts, 0, starts, 1, range);
    starts[0] = 0;
  }

  /** As long as the most tokens; only what {@code starts} points to is meant. */
  int[] order() {
    return order;
  }

  /** One more than there are ids. */
  int[] starts() {
    return starts;
  }
}
