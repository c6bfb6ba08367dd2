package dev.sweeprunner.testkit.wandb;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** JSON values compared as a document store does: 1 is 1.0, and only like kinds have an order. */
final class Values {
  private Values() {}

  static boolean same(@Nullable Object a, @Nullable Object b) {
    if (a instanceof Number x && b instanceof Number y) {
      return number(x, y) == 0;
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      return x.size() == y.size()
          && java.util.stream.IntStream.range(0, x.size()).allMatch(i -> same(x.get(i), y.get(i)));
    }
    if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
      return x.keySet().equals(y.keySet())
          && x.keySet().stream().allMatch(key -> same(x.get(key), y.get(key)));
    }
    return Objects.equals(a, b);
  }

  /** The order of two values, or null if they have none. */
  static @Nullable Integer order(@Nullable Object a, @Nullable Object b) {
    if (a instanceof Number x && b instanceof Number y) {
      return number(x, y);
    }
    return a instanceof String x && b instanceof String y ? Integer.valueOf(x.compareTo(y)) : null;
  }

  private static int number(Number a, Number b) {
    double x = a.doubleValue();
    double y = b.doubleValue();
    if (Double.isFinite(x) && Double.isFinite(y)) {
      return new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString()));
    }
    return Double.compare(x, y);
  }
}
