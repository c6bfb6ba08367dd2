package dev.sweeprunner.run;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One step's metrics.
 *
 * @param step the iteration
 * @param values the reproducible part: metric name to value, in a fixed order
 * @param wall what depends on this machine and moment: {@code time_ms}, {@code mfu}, tokens per
 *     second, timestamps
 */
public record Row(long step, Map<String, Double> values, Map<String, Double> wall) {
  /** Among {@code wall}: the last step, as far as the program that trains says. */
  public static final String TOTAL = "total";

  /** What was logged of this step in two rows, the later one over this. */
  public Row and(Row later) {
    return new Row(step, both(values, later.values), both(wall, later.wall));
  }

  private static Map<String, Double> both(Map<String, Double> first, Map<String, Double> second) {
    Map<String, Double> all = new LinkedHashMap<>(first);
    all.putAll(second);
    return all;
  }
}
