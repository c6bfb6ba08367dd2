package dev.sweeprunner.cli.results;

import dev.sweeprunner.cli.HumanFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The cells of the tables for people: few digits, unfinished values in parentheses. */
final class Cells {
  /** A cell without a value. */
  static final String NOTHING = "-";

  private Cells() {}

  /** {@code 0.1234 +- 0.0012}; without the second part where it is not known. */
  static String mean(Spread spread, String plusMinus) {
    Double mean = spread.mean();
    Double deviation = spread.deviation();
    if (mean == null) {
      return NOTHING;
    }
    return HumanFormat.metric(mean)
        + (deviation == null ? "" : " " + plusMinus + " " + HumanFormat.metric(deviation));
  }

  /** What a setting has come to; of a point that is not finished its value so far. */
  static String value(Results results, Setting setting, String metric, String plusMinus) {
    if (results.averages()) {
      return mean(setting.spread(metric), plusMinus);
    }
    Outcome outcome = setting.outcomes().get(0);
    Double value = outcome.value(metric);
    if (value == null) {
      return NOTHING;
    }
    String text = HumanFormat.metric(value);
    return outcome.counts() ? text : "(" + text + ")";
  }

  /** {@code 3}, or {@code 2 of 3} where some have no final values. */
  static String points(Setting setting) {
    int all = setting.outcomes().size();
    return setting.counted() == all ? Integer.toString(all) : setting.counted() + " of " + all;
  }

  /** The keys to show: those that take several values; all where none does. */
  static List<String> keys(Results results) {
    List<String> varied =
        results.keys().stream().filter(results.points().varied()::contains).toList();
    return varied.isEmpty() && !results.averages() ? results.keys() : varied;
  }

  static String key(Map<String, @Nullable Object> overrides, String key) {
    return overrides.containsKey(key) ? HumanFormat.value(overrides.get(key)) : NOTHING;
  }

  /** Whether all points have final values. */
  static boolean whole(Results results) {
    return results.outcomes().stream().allMatch(Outcome::counts);
  }
}
