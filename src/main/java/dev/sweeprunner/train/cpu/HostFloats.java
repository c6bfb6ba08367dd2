package dev.sweeprunner.train.cpu;

import dev.sweeprunner.train.kernels.Buffer.Floats;

/** Floats in one array. */
@SuppressWarnings("ArrayRecordComponent") // A handle of memory, never compared.
record HostFloats(float[] values) implements Floats {
  @Override
  public int length() {
    return values.length;
  }

  static float[] values(Floats floats) {
    return ((HostFloats) floats).values;
  }
}
