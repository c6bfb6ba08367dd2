package dev.sweeprunner.train.cpu;

import dev.sweeprunner.train.kernels.Ints;

/** Ints in one array. */
@SuppressWarnings("ArrayRecordComponent") // A handle of memory, never compared.
record HostInts(int[] values) implements Ints {
  @Override
  public int length() {
    return values.length;
  }
}
