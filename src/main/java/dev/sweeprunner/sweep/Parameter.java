package dev.sweeprunner.sweep;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One axis of the grid.
 *
 * @param key dotted key, for example {@code model.n_embd}
 * @param line line of the key in the sweep file, from 1
 * @param choices its values in the file's order; never empty
 */
public record Parameter(String key, int line, List<Choice> choices) {
  /** Copies the list. */
  public Parameter {
    choices = List.copyOf(choices);
  }

  /**
   * One value of an axis.
   *
   * @param value String, Long, BigInteger (outside the range of Long), Double, Boolean, a List of
   *     these, or null
   * @param line line of the value in the sweep file, from 1
   */
  public record Choice(@Nullable Object value, int line) {}
}
