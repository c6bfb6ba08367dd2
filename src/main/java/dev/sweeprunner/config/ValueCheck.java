package dev.sweeprunner.config;

import dev.sweeprunner.problem.Nearest;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.python.PythonFloat;
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
record ValueCheck(String where, Form form, Field field, @Nullable Object value) {
  private static final Pattern EXPONENT = Pattern.compile("([-+]?\\d+)(\\.\\d*)?[eE]([-+]?)(\\d+)");
  private static final Pattern NOTHING = Pattern.compile("(?i)null|none|nil|~");

  /** How a value is written; a hint is to be true for it. */
  enum Form {
    /** In YAML, as it is. */
    PLAIN,
    /** In YAML, in quotes. */
    QUOTED,
    /** In TOML: strings are in quotes, and there is no null. */
    TOML
  }

  /**
   * Passes a value or says what is wrong with it.
   *
   * @param where file and line of the value
   * @throws UserError if the value does not fit
   */
  static void check(String where, Form form, Field field, @Nullable Object value) {
    new ValueCheck(where, form, field, value).check();
  }

  private void check() {
    if (value == null) {
      require(field.nullable(), "Give it a value or remove the line");
      return;
    }
    switch (field.kind()) {
      case BOOLEAN -> require(value instanceof Boolean, write(""));
      case TEXT -> text();
      case TEXTS -> {
        boolean list = value instanceof List<?>;
        boolean texts =
            value instanceof List<?> all && all.stream().allMatch(String.class::isInstance);
        require(texts, write(list ? ", each in quotes" : ""));
      }
      case DOUBLE -> finite(number());
      case INT -> whole(number(), Integer.MIN_VALUE, Integer.MAX_VALUE);
      case LONG -> whole(number(), Long.MIN_VALUE, Long.MAX_VALUE);
    }
  }

  private void require(boolean fits, String wayOut) {
    if (!fits) {
      throw wrong(wayOut);
    }
  }

  private void text() {
    if (!(value instanceof String text)) {
      throw wrong(write(value instanceof List<?> ? ", not a list" : ", in quotes"));
    }
    if (!field.choices().isEmpty() && !field.choices().contains(text)) {
      throw new UserError(
          where,
          field.key() + " is " + shown() + ", not one of " + String.join(", ", field.choices()),
          field.nullable() && NOTHING.matcher(text).matches()
              ? nothing()
              : Nearest.to(text, field.choices())
                  .map(choice -> "Did you mean " + choice)
                  .orElse("Choose one of them" + orNull()));
    }
  }

  private Number number() {
    if (value instanceof Number number) {
      return number;
    }
    Matcher parts = EXPONENT.matcher(value instanceof String text ? text.strip() : "");
    if (!parts.matches()) {
      throw wrong(write(value instanceof List<?> ? ", not a list" : ""));
    }
    String number = form == Form.TOML ? parts.group() : withDotAndSign(parts);
    throw wrong(
        form == Form.PLAIN
            ? "Write " + number + ": YAML takes " + parts.group() + " as a string"
            : "Write " + number + " without quotes");
  }

  /** YAML 1.1 needs a dot and a signed exponent, or it reads a string. */
  private static String withDotAndSign(Matcher parts) {
    String fraction = parts.group(2) == null ? "." : parts.group(2);
    String sign = parts.group(3).isEmpty() ? "+" : parts.group(3);
    return parts.group(1) + (fraction.equals(".") ? ".0" : fraction) + "e" + sign + parts.group(4);
  }

  private void finite(Number number) {
    require(Double.isFinite(number.doubleValue()), "Write a finite number" + orNull());
  }

  private void whole(Number number, long least, long most) {
    finite(number);
    BigInteger whole;
    try {
      whole =
          number instanceof Double real
              ? new BigDecimal(real).toBigIntegerExact()
              : new BigInteger(number.toString());
    } catch (ArithmeticException e) {
      throw wrong(write(""));
    }
    require(
        whole.compareTo(BigInteger.valueOf(least)) >= 0
            && whole.compareTo(BigInteger.valueOf(most)) <= 0,
        "Write a number from " + least + " to " + most);
  }

  /** What the field takes, and what to change about how the value is written. */
  private String write(String how) {
    boolean text = value instanceof String;
    if (text && field.nullable() && NOTHING.matcher(String.valueOf(value)).matches()) {
      return nothing();
    }
    boolean quotes = text && form != Form.PLAIN && field.kind() != Field.Kind.TEXTS;
    return "Write " + field.kind().words() + (quotes ? ", without quotes" : how) + orNull();
  }

  private String nothing() {
    return switch (form) {
      case PLAIN -> "Write null: YAML takes " + value + " as a string";
      case QUOTED -> "Write null without quotes";
      case TOML -> "Leave the key out: TOML has no null";
    };
  }

  private String orNull() {
    return !field.nullable() ? "" : form == Form.TOML ? ", or leave the key out" : ", or null";
  }

  private UserError wrong(String wayOut) {
    String needs = field.kind().words() + (field.nullable() ? " or null" : "");
    return new UserError(where, field.key() + " is " + shown() + "; it takes " + needs, wayOut);
  }

  private String shown() {
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
