package dev.sweeprunner.train.checkpoint;

import java.util.List;

/**
 * A float tensor with its name, row-major.
 *
 * @param name unique within its file
 * @param shape sizes of its dimensions
 * @param values as many as the product of the sizes; not copied
 */
public record NamedTensor(String name, List<Integer> shape, float[] values) {
  /** Checks that shape and values agree. */
  public NamedTensor {
    shape = List.copyOf(shape);
    long elements = 1;
    for (int size : shape) {
      elements *= size;
    }
    if (elements != values.length) {
      throw new IllegalArgumentException(
          name + " has shape " + shape + " but " + values.length + " values");
    }
  }

  NamedTensor named(String other) {
    return new NamedTensor(other, shape, values);
  }
}
