package dev.sweeprunner.program.evidence;

import dev.sweeprunner.run.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows of what a program logs: which member is the step, which the known end, and which are
 * metrics. Where none is the step, the log calls are counted. Belongs to one thread.
 */
final class Rows {
  /** The first one there is the step. */
  static final List<String> STEPS =
      List.of(
          "step",
          "iter",
          "iteration",
          "global_step",
          "iter_num",
          "_step",
          "train/global_step",
          "trainer/global_step",
          "epoch");

  private static final List<String> TOTALS =
      List.of("total", "max_iters", "max_steps", "total_steps", "num_steps");

  private static final int MOST_VALUES = 1000;

  private long next;
  private OptionalLong total = OptionalLong.empty();

  /** Rows of which the first, where it names no step, is {@code first}. */
  Rows(long first) {
    this.next = first;
  }

  /**
   * The row of one log call, or null where it holds neither a step nor a number.
   *
   * @param members numbers, maps of such, and what is left out
   */
  @Nullable Row of(Map<String, ? extends @Nullable Object> members) {
    Map<String, Double> values = new LinkedHashMap<>();
    members.forEach((name, value) -> collect(name, value, values));
    String stepName = stepName(values);
    Double named = stepName == null ? null : values.remove(stepName);
    if (named == null && values.isEmpty()) {
      return null;
    }
    long step = named == null ? next : named.longValue();
    next = step + 1;
    takeTotal(values, step);
    return new Row(step, values, Map.of());
  }

  /** The known end, once a row has told it. */
  OptionalLong total() {
    return total;
  }

  private void takeTotal(Map<String, Double> values, long step) {
    for (String name : TOTALS) {
      Double value = values.get(name);
      if (value != null && whole(value) && value >= Math.max(step, 1)) {
        values.remove(name);
        total = OptionalLong.of(value.longValue());
        return;
      }
    }
  }

  private static @Nullable String stepName(Map<String, Double> values) {
    for (String name : STEPS) {
      Double value = values.get(name);
      if (value != null && whole(value)) {
        return name;
      }
    }
    return null;
  }

  private static boolean whole(double value) {
    return value >= 0 && value == Math.rint(value) && value < Long.MAX_VALUE;
  }

  private static void collect(String name, @Nullable Object value, Map<String, Double> values) {
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, member) -> collect(name + "." + key, member, values));
    } else {
      Double number = number(value);
      if (number != null && values.size() < MOST_VALUES) {
        values.put(name, number);
      }
    }
  }

  private static @Nullable Double number(@Nullable Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    return value instanceof String text ? notFinite(text) : null;
  }

  /** What is no finite number, as programs spell it; null for any other text. */
  static @Nullable Double notFinite(String text) {
    return switch (text) {
      case "NaN", "nan" -> Double.NaN;
      case "Infinity", "inf", "+inf" -> Double.POSITIVE_INFINITY;
      case "-Infinity", "-inf" -> Double.NEGATIVE_INFINITY;
      default -> null;
    };
  }
}
