package dev.sweeprunner.train.model;

import java.util.Arrays;

/** The ids of a batch before they go to a back end. */
final class Ids {
  private Ids() {}

  /**
   * The rows of the input embedding that the inputs mean.
   *
   * @throws IllegalArgumentException for arrays that are too short, and for ids of any kind that no
   *     model of this shape can look up
   */
  static int[] inputRows(
      ModelShape shape, int rows, int[] inputs, int[] targets, int[] compartments) {
    int count = rows * shape.blockSize();
    check("input", inputs, count, 0, shape.vocabulary());
    check("target", targets, count, -1, shape.vocabulary());
    if (shape.toldCompartments() > 0) {
      check("compartment", compartments, count, 0, shape.toldCompartments());
    }
    int[] inputRows = new int[count];
    for (int i = 0; i < count; i++) {
      inputRows[i] = shape.inputRow(inputs[i]);
    }
    return inputRows;
  }

  /** Elements [from, from + count), or as many of them as there are. */
  static int[] slice(int[] values, int from, int count) {
    return from == 0 ? values : Arrays.copyOfRange(values, from, from + count);
  }

  /** All must be in [low, bound). */
  private static void check(String what, int[] values, int count, int low, int bound) {
    if (values.length < count) {
      throw new IllegalArgumentException(
          what + " ids: " + values.length + " given, " + count + " needed");
    }
    for (int i = 0; i < count; i++) {
      if (values[i] < low || values[i] >= bound) {
        throw new IllegalArgumentException(
            what + " id " + values[i] + " at position " + i + " is outside " + low + ".." + bound);
      }
    }
  }
}
