package dev.sweeprunner.train.cuda;

import jcuda.driver.CUdeviceptr;

/** JCuda's device pointers as the numbers that they are, and back. */
final class Address extends CUdeviceptr {
  Address() {}

  private Address(long offset) {
    // To JCuda's native half a pointer is its base plus its offset; only the offset can be set.
    super(new CUdeviceptr(), offset);
  }

  static CUdeviceptr of(long number) {
    return new Address(number);
  }

  /** What the driver has put into this object. */
  long number() {
    return getNativePointer() + getByteOffset();
  }
}
