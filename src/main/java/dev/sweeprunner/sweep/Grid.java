package dev.sweeprunner.sweep;

import dev.sweeprunner.problem.UserError;
import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The Cartesian product of the parameters in the file's own key order, the last key fastest.
 *
 * <p>Holds the axes only: a point is computed from its index. Immutable; safe for all threads.
 */
public final class Grid {
  private final List<Parameter> parameters;
  private final int[] strides;
  private final int size;

  private Grid(List<Parameter> parameters, int[] strides, int size) {
    this.parameters = parameters;
    this.strides = strides;
    this.size = size;
  }

  /**
   * Spans a grid.
   *
   * @param where the file that an error names
   * @throws UserError if the grid has more points than an index can count
   */
  static Grid of(String where, List<Parameter> parameters) {
    BigInteger size = BigInteger.ONE;
    for (Parameter parameter : parameters) {
      if (!parameter.linked()) {
        size = size.multiply(BigInteger.valueOf(parameter.choices().size()));
      }
    }
    if (size.bitLength() > 31) {
      throw new UserError(
          where,
          "the grid has " + size + " points, more than the " + Integer.MAX_VALUE + " it may have",
          "Split the sweep into several files or list fewer values");
    }
    int[] strides = new int[parameters.size()];
    int stride = 1;
    for (int axis = parameters.size() - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= parameters.get(axis).linked() ? 1 : parameters.get(axis).choices().size();
    }
    return new Grid(List.copyOf(parameters), strides, stride);
  }

  /** The parameters in the file's order. */
  public List<Parameter> parameters() {
    return parameters;
  }

  /** How many points; at most {@code Integer.MAX_VALUE}. */
  public long size() {
    return size;
  }

  /** Which choice of parameter {@code axis} the point takes; no allocation. */
  public int choice(int index, int axis) {
    return index / strides[axis] % parameters.get(axis).choices().size();
  }

  /**
   * The overrides of one point, dotted key to value in the file's key order; unmodifiable.
   *
   * @throws IndexOutOfBoundsException if {@code index} is no index of the grid
   */
  public Map<String, @Nullable Object> at(int index) {
    Objects.checkIndex(index, size);
    Map<String, @Nullable Object> overrides = new LinkedHashMap<>();
    for (int axis = 0; axis < strides.length; axis++) {
      Parameter parameter = parameters.get(axis);
      Parameter.Choice choice = parameter.choices().get(choice(index, axis));
      if (choice != Parameter.Choice.NONE) {
        overrides.put(parameter.key(), choice.value());
      }
    }
    return Collections.unmodifiableMap(overrides);
  }
}
