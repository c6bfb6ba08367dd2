package dev.sweeprunner.sweep;

import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * W&amp;B's continuous distributions and their rounded ({@code q_}) forms. All by {@link
 * StrictMath}: the same bits on every JVM.
 */
final class Distributions {
  private Distributions() {}

  /**
   * The distribution of this name.
   *
   * @param name without {@code q_}
   * @param numbers its two arguments: min and max, mu and sigma, or a and b
   */
  static ToDoubleFunction<Draws> formula(String name, double first, double second) {
    return switch (name) {
      case "uniform" -> draws -> between(first, second, draws.uniform());
      case "log_uniform" -> draws -> StrictMath.exp(between(first, second, draws.uniform()));
      case "log_uniform_values" ->
          formula("log_uniform", StrictMath.log(first), StrictMath.log(second));
      case "inv_log_uniform" ->
          draws -> StrictMath.exp(-between(first, second, 1 - draws.uniform()));
      case "inv_log_uniform_values" ->
          formula("inv_log_uniform", -StrictMath.log(second), -StrictMath.log(first));
      case "normal" -> draws -> first + second * draws.normal();
      case "log_normal" -> draws -> StrictMath.exp(first + second * draws.normal());
      case "beta" -> draws -> beta(draws.logGamma(first), draws.logGamma(second));
      default -> throw new IllegalArgumentException(name);
    };
  }

  /**
   * Rounds to multiples of {@code q}, halves to even; whole numbers where {@code q} is written as
   * one.
   */
  static Function<Draws, Object> rounded(ToDoubleFunction<Draws> formula, Number q) {
    double step = q.doubleValue();
    return draws -> {
      double value = Math.rint(formula.applyAsDouble(draws) / step) * step;
      return q instanceof Long && Math.abs(value) < 0x1.0p63 ? (Object) (long) value : value;
    };
  }

  private static double between(double min, double max, double place) {
    return min + place * (max - min);
  }

  private static double beta(double logX, double logY) {
    return 1 / (1 + StrictMath.exp(logY - logX));
  }
}
