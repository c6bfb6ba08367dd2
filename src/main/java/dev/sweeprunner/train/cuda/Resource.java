package dev.sweeprunner.train.cuda;

/** Something of the driver's that must be given back; closing never fails, and twice is once. */
interface Resource extends AutoCloseable {
  @Override
  void close();
}
