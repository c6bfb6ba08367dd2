package dev.sweeprunner.config;

import dev.sweeprunner.problem.Nearest;
import dev.sweeprunner.problem.UserError;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether a value fits its field: the rules on types.
 *
 * <p>An integer fits a float field, a float that is a whole number fits an integer field, and both
 * keep their form; a boolean is never a number.
 */
final class ValueCheck {
  private static final Pattern EXPONENT = Pattern.compile("([-+]?\\d+)(\\.\\d*)?[eE]([-+]?)(\\d+)");

  private ValueCheck() {}

  /**
   * Passes a value or says what is wrong with it.
   *
   * @param where file and line of the value
   * @throws UserError if the value does not fit
   */
  static void check(String where, Field field, @Nullable Object value) {
    if (value == null) {
      if (!field.nullable()) {
        throw wrong(where, field, null, "Give it a value or remove the line");
      }
      return;
    }
    switch (field.kind()) {
      case BOOLEAN -> require(value instanceof Boolean, where, field, value);
      case TEXT -> text(where, field, value);
      case TEXTS -> {
        boolean texts =
            value instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
        require(texts, where, field, value);
      }
      case DOUBLE -> finite(where, field, number(where, field, value));
      case INT ->
          whole(where, field, number(where, field, value), Integer.MIN_VALUE, Integer.MAX_VALUE);
      case LONG -> whole(where, field, number(where, field, value), Long.MIN_VALUE, Long.MAX_VALUE);
    }
  }

  private static void require(boolean fits, String where, Field field, Object value) {
    if (!fits) {
      String needs = field.kind().words();
      throw wrong(where, field, value, "Write " + needs);
    }
  }

  private static void text(String where, Field field, Object value) {
    if (!(value instanceof String text)) {
      throw wrong(where, field, value, "Write a string, in quotes");
    }
    if (!field.choices().isEmpty() && !field.choices().contains(text)) {
      throw new UserError(
          where,
          field.key() + " is " + shown(text) + ", not one of " + String.join(", ", field.choices()),
          Nearest.to(text, field.choices())
              .map(choice -> "Did you mean " + choice)
              .orElse("Choose one of them"));
    }
  }

  private static Number number(String where, Field field, Object value) {
    if (value instanceof Number number) {
      return number;
    }
    if (value instanceof String text) {
      throw wrong(where, field, value, numberHint(text, field));
    }
    throw wrong(where, field, value, "Write " + field.kind().words());
  }

  /** YAML 1.1 needs a dot and a signed exponent, or it reads a string. */
  private static String numberHint(String text, Field field) {
    Matcher parts = EXPONENT.matcher(text.strip());
    if (parts.matches()) {
      String fraction = parts.group(2) == null ? ".0" : parts.group(2);
      fraction = fraction.equals(".") ? ".0" : fraction;
      String sign = parts.group(3).isEmpty() ? "+" : parts.group(3);
      String number = parts.group(1) + fraction + "e" + sign + parts.group(4);
      return "Write " + number + " without quotes: YAML takes " + text.strip() + " as a string";
    }
    return "Write " + field.kind().words() + ", without quotes";
  }

  private static void finite(String where, Field field, Number number) {
    if (!Double.isFinite(number.doubleValue())) {
      throw wrong(where, field, number, "Write a finite number");
    }
  }

  private static void whole(String where, Field field, Number number, long least, long most) {
    finite(where, field, number);
    BigInteger value;
    try {
      value =
          number instanceof Double real
              ? new BigDecimal(real).toBigIntegerExact()
              : new BigInteger(number.toString());
    } catch (ArithmeticException e) {
      throw wrong(where, field, number, "Write a whole number");
    }
    if (value.compareTo(BigInteger.valueOf(least)) < 0
        || value.compareTo(BigInteger.valueOf(most)) > 0) {
      throw wrong(where, field, number, "Write a number from " + least + " to " + most);
    }
  }

  private static UserError wrong(String where, Field field, @Nullable Object value, String wayOut) {
    String needs = field.kind().words() + (field.nullable() ? " or null" : "");
    return new UserError(
        where, field.key() + " is " + shown(value) + "; it takes " + needs, wayOut);
  }

  private static String shown(@Nullable Object value) {
    if (value instanceof String text) {
      return "the string \"" + text + "\"";
    }
    if (value instanceof Double number) {
      return Double.isNaN(number)
          ? "nan"
          : Double.isInfinite(number) ? (number < 0 ? "-inf" : "inf") : PythonFloat.repr(number);
    }
    return String.valueOf(value);
  }
}
