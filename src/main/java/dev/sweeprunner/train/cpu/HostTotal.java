package dev.sweeprunner.train.cpu;

import dev.sweeprunner.train.kernels.Buffer.Total;

/** A double. */
final class HostTotal implements Total {
  double value;
}
