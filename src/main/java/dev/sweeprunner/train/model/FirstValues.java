package dev.sweeprunner.train.model;

import java.util.List;

/** First values of parameters that come from elsewhere than a seed. */
@FunctionalInterface
public interface FirstValues {
  /** All from the seed. */
  FirstValues NONE = (name, shape, values) -> {};

  /**
   * Changes the values that a parameter would start with.
   *
   * @param name as in the state dictionary
   * @param values row-major, to be written to
   */
  void into(String name, List<Integer> shape, float[] values);
}
