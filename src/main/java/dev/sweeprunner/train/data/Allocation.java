package dev.sweeprunner.train.data;

import java.util.List;

/** Rows dealt out to kinds: the first count rows are of the first kind, and so on. */
final class Allocation {
  private final List<RowKind> kinds;
  private final long[] ends;

  Allocation(List<RowKind> kinds, long[] counts) {
    this.kinds = List.copyOf(kinds);
    this.ends = counts.clone();
    for (int i = 1; i < ends.length; i++) {
      ends[i] += ends[i - 1];
    }
  }

  /** The kind of the row at {@code place}, 0…total-1. */
  RowKind kind(long place) {
    int low = 0;
    int high = ends.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ends[middle] > place) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return kinds.get(low);
  }
}
