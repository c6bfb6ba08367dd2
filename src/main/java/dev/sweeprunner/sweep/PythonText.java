package dev.sweeprunner.sweep;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** What Python's {@code str} makes of a YAML scalar. */
final class PythonText {
  private static final int MOST_DIGITS = 17;

  private PythonText() {}

  /** Of a String, Long, BigInteger, Double, Boolean or null. */
  static String str(@Nullable Object value) {
    if (value == null) {
      return "None";
    } else if (value instanceof Boolean truth) {
      return truth ? "True" : "False";
    } else if (value instanceof Double number) {
      return str((double) number);
    }
    return value.toString();
  }

  private static String str(double number) {
    if (Double.isNaN(number)) {
      return "nan";
    }
    String sign = Double.doubleToRawLongBits(number) < 0 ? "-" : "";
    double size = Math.abs(number);
    if (Double.isInfinite(size)) {
      return sign + "inf";
    }
    return sign + (size == 0 ? "0.0" : shortest(size));
  }

  /** The fewest digits that read back as the same double, with an exponent where Python has one. */
  private static String shortest(double size) {
    BigDecimal decimal = new BigDecimal(size);
    for (int digits = MOST_DIGITS; digits > 0; digits--) {
      BigDecimal shorter =
          new BigDecimal(size).round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (shorter.doubleValue() != size) {
        break;
      }
      decimal = shorter;
    }
    decimal = decimal.stripTrailingZeros();
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = decimal.toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    String digits = decimal.unscaledValue().toString();
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    String power = (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    return digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + power;
  }
}
