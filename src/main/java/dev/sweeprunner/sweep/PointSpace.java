package dev.sweeprunner.sweep;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The points of a program's sweep, as W&amp;B reads its file.
 *
 * <p>A value is a String, Long, BigInteger (outside the range of Long), Double, Boolean, null, or
 * an unmodifiable List or Map of these. A point is computed from its index. Immutable; safe for all
 * threads.
 */
public interface PointSpace {
  /** How many points; of {@code method: random} several may be equal. */
  int size();

  /**
   * The parameters of a point, nested as the program sees them, names in W&amp;B's order: plain
   * ones first, then the nested ones, each sorted by code point. Unmodifiable.
   *
   * @throws IndexOutOfBoundsException if {@code index} is no index of a point
   */
  Map<String, @Nullable Object> at(int index);

  /**
   * The same by dotted name, sorted by code point at every level. Only nested parameters are
   * flattened: a value that is a map stays one. Unmodifiable.
   *
   * @throws IndexOutOfBoundsException if {@code index} is no index of a point
   */
  Map<String, @Nullable Object> flat(int index);

  /** Dotted names of the parameters that vary, in the order of {@link #flat}. */
  List<String> swept();

  /** What a user should know of the values, one line each. */
  List<String> notes();
}
