package dev.sweeprunner.cli.results;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Points that differ in nothing but what is averaged over; where nothing is, a single one.
 *
 * @param overrides what they have in common of the swept keys
 * @param outcomes they themselves, in grid order
 */
record Setting(Map<String, @Nullable Object> overrides, List<Outcome> outcomes) {
  /** Position in the grid of the first of them, by which settings are told apart. */
  int index() {
    return outcomes.get(0).index();
  }

  /** How many of them have final values. */
  int counted() {
    return (int) outcomes.stream().filter(Outcome::counts).count();
  }

  /** Whether all of them have a final value of this metric that is a finite number. */
  boolean whole(String metric) {
    return outcomes.stream().allMatch(outcome -> outcome.measured(metric));
  }

  Spread spread(String metric) {
    return Spread.of(outcomes, metric);
  }
}
