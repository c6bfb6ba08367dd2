package dev.sweeprunner.relay.rows;

import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Logged;
import java.util.OptionalDouble;

/**
 * A metric that a program charts its others over.
 *
 * @param name as in a row's values, {@code a.b} where it is nested
 */
record Axis(String name) {
  /** Where a row stands on it; empty for a row that does not say. */
  OptionalDouble place(Logged row) {
    try {
      Double place = row.row().values().get(name);
      return place == null || place.isNaN() ? OptionalDouble.empty() : OptionalDouble.of(place);
    } catch (UnreadableJson none) {
      return OptionalDouble.empty();
    }
  }
}
