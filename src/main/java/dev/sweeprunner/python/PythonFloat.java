package dev.sweeprunner.python;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Prints a double as Python's {@code repr} does: the shortest decimal that reads back as the same
 * double, of those the nearest; an exponent below 1e-4 and from 1e16 on, with at least two digits.
 *
 * <p>{@code Double.toString} is not always the shortest before JDK 19, and run ids may not depend
 * on the JDK.
 */
public final class PythonFloat {
  private static final int MOST_DIGITS = 17;

  private PythonFloat() {}

  /**
   * The repr of a finite double.
   *
   * @throws IllegalArgumentException for an infinity or NaN
   */
  public static String repr(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("not finite: " + value);
    }
    if (value == 0) {
      return Double.doubleToRawLongBits(value) == 0 ? "0.0" : "-0.0";
    }
    BigDecimal shortest = shortest(Math.abs(value));
    String digits = shortest.unscaledValue().toString();
    int exponent = digits.length() - 1 - shortest.scale();
    String sign = value < 0 ? "-" : "";
    return sign
        + (exponent < -4 || exponent >= 16 ? scaled(digits, exponent) : plain(digits, exponent));
  }

  /** Without trailing zeros. */
  private static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; digits < MOST_DIGITS; digits++) {
      // Just above a power of two the interval that reads back is lopsided: the nearest decimal of
      // this length may miss it while its neighbour on the other side does not.
      BigDecimal below = exact.round(new MathContext(digits, RoundingMode.DOWN));
      BigDecimal above = exact.round(new MathContext(digits, RoundingMode.UP));
      boolean belowFits = below.doubleValue() == value;
      boolean aboveFits = above.doubleValue() == value;
      if (belowFits && aboveFits) {
        return exact.round(new MathContext(digits, RoundingMode.HALF_EVEN)).stripTrailingZeros();
      }
      if (belowFits || aboveFits) {
        return (belowFits ? below : above).stripTrailingZeros();
      }
    }
    return exact.round(new MathContext(MOST_DIGITS, RoundingMode.HALF_EVEN)).stripTrailingZeros();
  }

  private static String scaled(String digits, int exponent) {
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    String size = Integer.toString(Math.abs(exponent));
    return mantissa + "e" + (exponent < 0 ? "-" : "+") + (size.length() < 2 ? "0" + size : size);
  }

  private static String plain(String digits, int exponent) {
    if (exponent < 0) {
      return "0." + "0".repeat(-exponent - 1) + digits;
    }
    int whole = exponent + 1;
    if (digits.length() <= whole) {
      return digits + "0".repeat(whole - digits.length()) + ".0";
    }
    return digits.substring(0, whole) + "." + digits.substring(whole);
  }
}
