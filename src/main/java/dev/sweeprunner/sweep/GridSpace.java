package dev.sweeprunner.sweep;

import dev.sweeprunner.problem.UserError;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * W&amp;B's grid: the product of all that vary, names sorted by code point at every level, the last
 * one fastest, each value once.
 */
final class GridSpace implements PointSpace {
  private final Nesting nesting;
  private final List<List<@Nullable Object>> values;
  private final long[] strides;
  private final int size;
  private final List<String> swept;
  private final List<String> notes;

  private GridSpace(
      SpaceReader.Variables variables,
      List<List<@Nullable Object>> values,
      long[] strides,
      int size) {
    this.nesting = new Nesting(variables.all());
    this.values = values;
    this.strides = strides;
    this.size = size;
    this.swept = nesting.names(axis -> values.get(axis).size() > 1);
    this.notes = variables.notes();
  }

  /**
   * Spans the grid.
   *
   * @param cap how many points at most: the first ones
   * @throws UserError for a parameter that a grid cannot enumerate, or too many points
   */
  static GridSpace of(YamlDocument document, SpaceReader.Variables variables, OptionalInt cap) {
    List<List<@Nullable Object>> values =
        variables.all().stream().map(variable -> listed(document, variable)).toList();
    long[] strides = new long[values.size()];
    BigInteger size = BigInteger.ONE;
    for (int axis = values.size() - 1; axis >= 0; axis--) {
      strides[axis] = size.bitLength() < Long.SIZE ? size.longValue() : Long.MAX_VALUE;
      size = size.multiply(BigInteger.valueOf(values.get(axis).size()));
    }
    BigInteger most = BigInteger.valueOf(cap.orElse(Integer.MAX_VALUE));
    if (cap.isEmpty() && size.compareTo(most) > 0) {
      throw new UserError(
          document.path().toString(),
          "the grid has " + size + " points, more than the " + most + " it may have",
          "Split the sweep into several files, list fewer values, or write run_cap: N");
    }
    return new GridSpace(variables, values, strides, size.min(most).intValue());
  }

  private static List<@Nullable Object> listed(YamlDocument document, Variable variable) {
    Domain domain = variable.domain();
    boolean endless =
        (domain instanceof Domain.Steps s
                && Ranges.count(s.min(), s.max(), s.q()) > Ranges.MOST_VALUES)
            || (domain instanceof Domain.Wholes w && w.max() - w.min() >= Ranges.MOST_VALUES);
    if (endless) {
      throw document.error(
          variable.line(),
          "parameter " + variable.name() + " has more than " + Ranges.MOST_VALUES + " values",
          "Give it a larger step or fewer values");
    }
    List<@Nullable Object> values = domain.listed();
    if (values == null) {
      throw document.error(
          variable.line(),
          "parameter %s has %s; a grid cannot enumerate that"
              .formatted(variable.name(), domain.words()),
          "List what the grid should take: {values: [...]}, give a step:"
              + " {distribution: q_uniform, min: 0.0, max: 1.0, q: 0.25},"
              + " or write method: random with run_cap: N");
    }
    return values;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Map<String, @Nullable Object> at(int index) {
    Objects.checkIndex(index, size);
    return nesting.nested(axis -> value(index, axis));
  }

  @Override
  public Map<String, @Nullable Object> flat(int index) {
    Objects.checkIndex(index, size);
    return nesting.flat(axis -> value(index, axis));
  }

  private @Nullable Object value(int index, int axis) {
    List<@Nullable Object> choices = values.get(axis);
    return choices.get((int) (index / strides[axis] % choices.size()));
  }

  @Override
  public List<String> swept() {
    return swept;
  }

  @Override
  public List<String> notes() {
    return notes;
  }
}
