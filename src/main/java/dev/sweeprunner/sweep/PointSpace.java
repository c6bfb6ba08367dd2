package dev.sweeprunner.sweep;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The points of a sweep in W&amp;B's reading, computed from their indices. Immutable. */
public interface PointSpace {
  /** How many points. */
  int size();

  /** The parameters of a point as the program sees them, nested, in W&amp;B's order. */
  Map<String, @Nullable Object> at(int index);

  /** The same with nested parameters under dotted names; a value that is a map stays one. */
  Map<String, @Nullable Object> flat(int index);

  /** The dotted names of the parameters that vary. */
  List<String> swept();
}
