package dev.sweeprunner.run;

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
}
