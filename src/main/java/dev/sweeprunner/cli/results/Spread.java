package dev.sweeprunner.cli.results;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * A metric over several points.
 *
 * @param n how many final values there are that are finite numbers; of these is the rest
 * @param mean their mean, or null where there is none
 * @param deviation their standard deviation as that of a sample (by {@code n - 1}); null of fewer
 *     than two
 * @param min the least, or null
 * @param max the greatest, or null
 * @param notFinite how many points have ended with NaN or an infinity
 */
record Spread(
    int n,
    @Nullable Double mean,
    @Nullable Double deviation,
    @Nullable Double min,
    @Nullable Double max,
    int notFinite) {

  /** That of these points. */
  static Spread of(List<Outcome> outcomes, String metric) {
    double[] values =
        outcomes.stream()
            .filter(outcome -> outcome.measured(metric))
            .mapToDouble(outcome -> Objects.requireNonNull(outcome.value(metric)))
            .toArray();
    long with = outcomes.stream().filter(o -> o.counts() && o.value(metric) != null).count();
    int notFinite = (int) with - values.length;
    if (values.length == 0) {
      return new Spread(0, null, null, null, null, notFinite);
    }
    DoubleSummaryStatistics all = DoubleStream.of(values).summaryStatistics();
    double mean = all.getAverage();
    return new Spread(
        values.length, mean, deviation(values, mean), all.getMin(), all.getMax(), notFinite);
  }

  private static @Nullable Double deviation(double[] values, double mean) {
    if (values.length < 2) {
      return null;
    }
    double squares = DoubleStream.of(values).map(value -> (value - mean) * (value - mean)).sum();
    return Math.sqrt(squares / (values.length - 1));
  }
}
