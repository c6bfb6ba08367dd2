package dev.sweeprunner.train.data;

import dev.sweeprunner.train.kernels.CounterRandom;

/** Numbers from a counter stream that need more than 31 bits. */
final class Draws {
  private Draws() {}

  /** A whole number in [0, bound), for bound up to 2^62: {@code floor(u · bound / 2^63)}. */
  static long below(CounterRandom random, long a, long b, long bound) {
    return Math.multiplyHigh(random.bits(a, b) >>> 1, bound << 1);
  }
}
