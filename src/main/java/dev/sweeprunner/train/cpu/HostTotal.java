package dev.sweeprunner.train.cpu;

import dev.sweeprunner.train.kernels.Total;

/** A double. */
final class HostTotal implements Total {
  private double value;

  void add(double addend) {
    value += addend;
  }

  void set(double newValue) {
    value = newValue;
  }

  double take() {
    double taken = value;
    value = 0;
    return taken;
  }
}
