package dev.sweeprunner.train.model;

import dev.sweeprunner.train.kernels.CounterRandom;
import java.util.Arrays;
import java.util.List;

/**
 * A parameter before it has memory: name, shape, and the distribution that it starts from.
 *
 * @param mean of its first values
 * @param deviation of its first values; 0 for a constant
 */
record Parameter(String name, List<Integer> shape, double mean, double deviation) {
  int length() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  boolean isMatrix() {
    return shape.size() >= 2;
  }

  /** Whether weight decay applies: to matrices, and to nothing of a discriminator. */
  boolean decays() {
    return isMatrix() && !name.startsWith(ParameterLayout.DISCRIMINATORS);
  }

  /** The first values: each depends on seed, name and index only. */
  float[] start(long seed) {
    float[] values = new float[length()];
    if (deviation == 0) {
      Arrays.fill(values, (float) mean);
      return values;
    }
    CounterRandom random = CounterRandom.of(seed, "init/" + name);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + deviation * random.normal(i, 0));
    }
    return values;
  }
}
