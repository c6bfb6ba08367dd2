package dev.sweeprunner.sweep;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Points drawn at random by {@link Draws}: a fixed list, of which {@code size} says how much is
 * taken. A parameter's value depends on no other parameter.
 */
final class RandomSpace implements PointSpace {
  private final List<Variable> variables;
  private final Nesting nesting;
  private final long[] keys;
  private final int size;
  private final List<String> notes;

  /**
   * The points.
   *
   * @param sweep the name that the draws depend on
   */
  RandomSpace(String sweep, SpaceReader.Variables variables, int size) {
    this.variables = variables.all();
    this.nesting = new Nesting(this.variables);
    this.keys = this.variables.stream().mapToLong(v -> Draws.key(sweep, v.name())).toArray();
    this.size = size;
    this.notes = variables.notes();
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
    return variables.get(axis).domain().draw(new Draws(keys[axis], index));
  }

  @Override
  public List<String> swept() {
    return nesting.names(axis -> variables.get(axis).domain().varies());
  }

  @Override
  public List<String> notes() {
    return notes;
  }
}
