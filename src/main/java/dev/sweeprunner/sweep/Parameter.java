package dev.sweeprunner.sweep;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One axis of the grid, or what moves along one.
 *
 * @param key dotted key, for example {@code model.n_embd}
 * @param line line of the key in the sweep file, from 1
 * @param choices its values in the file's order; never empty
 * @param linked whether it moves together with the parameter before it, choice by choice: the keys
 *     of values that are maps do
 */
public record Parameter(String key, int line, List<Choice> choices, boolean linked) {
  /** Copies the list. */
  public Parameter {
    choices = List.copyOf(choices);
  }

  /**
   * One value of an axis.
   *
   * @param value String, Long, BigInteger (outside the range of Long), Double, Boolean, a List of
   *     these, or null
   * @param line line of the value in the sweep file, from 1; 0 for {@link #NONE}
   * @param quoted whether it is written in quotes
   */
  public record Choice(@Nullable Object value, int line, boolean quoted) {
    /** Nothing: points with this choice leave the key alone. */
    public static final Choice NONE = new Choice(null, 0, false);
  }
}
