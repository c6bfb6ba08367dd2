package dev.sweeprunner.journal;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Prints a double so that equal doubles give equal bytes on every JVM and reading gives the same
 * double back. {@link Double#toString} does not: it changed between JDK 18 and 19.
 *
 * <p>A decimal of at most 15 digits survives the way to a double and back, so the first of 15, 16
 * and 17 digits that reads back as the same double is, with its zeros stripped, as short as it can
 * be for every double that such a decimal names.
 */
final class Decimal {
  private static final int SURE = 15;
  private static final int ALWAYS = 17;

  private Decimal() {}

  /**
   * A JSON number, or one of the strings {@code "NaN"}, {@code "Infinity"} and {@code "-Infinity"}
   * with its quotes. A number always has a point or an exponent, so it never reads as an integer.
   */
  static String json(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.isNaN(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    return form(shortest(value));
  }

  private static BigDecimal shortest(double value) {
    var exact = new BigDecimal(value);
    for (int digits = SURE; digits < ALWAYS; digits++) {
      var rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (rounded.doubleValue() == value) {
        return rounded.stripTrailingZeros();
      }
    }
    return exact.round(new MathContext(ALWAYS, RoundingMode.HALF_EVEN)).stripTrailingZeros();
  }

  private static String form(BigDecimal number) {
    int exponent = number.precision() - number.scale() - 1;
    if (exponent >= -5 && exponent < ALWAYS) {
      var plain = number.toPlainString();
      return number.scale() <= 0 ? plain + ".0" : plain;
    }
    var digits = number.unscaledValue().abs().toString();
    var fraction = digits.length() == 1 ? "0" : digits.substring(1);
    return (number.signum() < 0 ? "-" : "") + digits.charAt(0) + "." + fraction + "e" + exponent;
  }
}
