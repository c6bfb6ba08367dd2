package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Buffer.Total;

/** A double on the GPU. */
record DeviceTotal(Space space) implements Total {
  long address() {
    return space.address();
  }

  @Override
  public void close() {
    space.close();
  }
}
