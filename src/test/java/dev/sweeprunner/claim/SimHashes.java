package dev.sweeprunner.claim;

import org.jspecify.annotations.NullMarked;

/** A set of 64-bit hashes, eight bytes each at a load of at most a half. */
@NullMarked
final class SimHashes {
  private long[] table = new long[1 << 16];
  private int size;

  /** Whether it was not there. */
  boolean add(long hash) {
    long key = hash == 0 ? 1 : hash;
    if (2 * size >= table.length) {
      grow();
    }
    return put(key);
  }

  private boolean put(long key) {
    int mask = table.length - 1;
    for (int at = (int) key & mask; ; at = (at + 1) & mask) {
      if (table[at] == key) {
        return false;
      }
      if (table[at] == 0) {
        table[at] = key;
        size++;
        return true;
      }
    }
  }

  private void grow() {
    long[] old = table;
    table = new long[2 * old.length];
    size = 0;
    for (long key : old) {
      if (key != 0) {
        put(key);
      }
    }
  }

  int size() {
    return size;
  }
}
