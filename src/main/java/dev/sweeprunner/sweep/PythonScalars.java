package dev.sweeprunner.sweep;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * What an unquoted word of a YAML file means, by the YAML 1.1 rules as PyYAML 6 applies them (its
 * {@code resolver.py} and {@code constructor.py}), since the run ids rest on its reading.
 *
 * <p>They differ from SnakeYAML's own: a float needs a dot, and its exponent a sign ({@code 1e-4}
 * is a string), a leading sign before a bare dot is none, and {@code 010} is octal.
 */
final class PythonScalars extends Resolver {
  private static final Tag DEFAULT_VALUE = new Tag(Tag.PREFIX + "value");
  private static final Pattern BOOLEAN =
      Pattern.compile("yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF");
  private static final Pattern DECIMAL =
      Pattern.compile(
          "[-+]?[0-9][0-9_]*\\.[0-9_]*(?:[eE][-+][0-9]+)?"
              + "|\\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?"
              + "|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\\.[0-9_]*"
              + "|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");
  private static final Pattern INTEGER =
      Pattern.compile(
          "[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+"
              + "|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+");
  private static final Pattern NOTHING = Pattern.compile("~|null|Null|NULL|");
  private static final Pattern DATE =
      Pattern.compile(
          "[0-9]{4}-[0-9]{2}-[0-9]{2}"
              + "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \\t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}"
              + "(?:\\.[0-9]*)?(?:[ \\t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?");

  @Override
  public Tag resolve(NodeId kind, @Nullable String value, boolean implicit) {
    if (kind == NodeId.scalar && implicit && value != null) {
      return tagOf(value);
    }
    return switch (kind) {
      case sequence -> Tag.SEQ;
      case mapping -> Tag.MAP;
      default -> Tag.STR;
    };
  }

  /** The tag of an unquoted scalar. */
  static Tag tagOf(String text) {
    if (BOOLEAN.matcher(text).matches()) {
      return Tag.BOOL;
    }
    if (DECIMAL.matcher(text).matches()) {
      return Tag.FLOAT;
    }
    if (INTEGER.matcher(text).matches()) {
      return Tag.INT;
    }
    if (text.equals("<<")) {
      return Tag.MERGE;
    }
    if (text.equals("=")) {
      return DEFAULT_VALUE;
    }
    if (NOTHING.matcher(text).matches()) {
      return Tag.NULL;
    }
    if (DATE.matcher(text).matches()) {
      return Tag.TIMESTAMP;
    }
    return Tag.STR;
  }

  /** Whether a node is null. */
  static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  /**
   * The value of a scalar with one of the tags str, int, float, bool, null.
   *
   * @throws NumberFormatException if the text is no such number
   * @throws IllegalArgumentException for another tag, or a bool that is none
   */
  static @Nullable Object valueOf(Tag tag, String text) {
    if (tag.equals(Tag.STR)) {
      return text;
    } else if (tag.equals(Tag.NULL)) {
      return null;
    } else if (tag.equals(Tag.INT)) {
      return integer(text);
    } else if (tag.equals(Tag.FLOAT)) {
      return decimal(text);
    } else if (tag.equals(Tag.BOOL) && BOOLEAN.matcher(text).matches()) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "yes", "true", "on" -> Boolean.TRUE;
        default -> Boolean.FALSE;
      };
    }
    throw new IllegalArgumentException(tag + " " + text);
  }

  private static Object integer(String text) {
    String digits = text.replace("_", "");
    boolean negative = digits.startsWith("-");
    if (negative || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    BigInteger value;
    if (digits.equals("0")) {
      value = BigInteger.ZERO;
    } else if (digits.startsWith("0b")) {
      value = new BigInteger(digits.substring(2), 2);
    } else if (digits.startsWith("0x")) {
      value = new BigInteger(digits.substring(2), 16);
    } else if (digits.startsWith("0")) {
      value = new BigInteger(digits, 8);
    } else if (digits.indexOf(':') >= 0) {
      value = BigInteger.ZERO;
      for (String part : digits.split(":", -1)) {
        value = value.multiply(BigInteger.valueOf(60)).add(new BigInteger(part));
      }
    } else {
      value = new BigInteger(digits);
    }
    value = negative ? value.negate() : value;
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private static Double decimal(String text) {
    String digits = text.replace("_", "").toLowerCase(Locale.ROOT);
    double sign = digits.startsWith("-") ? -1 : 1;
    if (digits.startsWith("-") || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    if (digits.equals(".inf")) {
      return sign * Double.POSITIVE_INFINITY;
    }
    if (digits.equals(".nan")) {
      return Double.NaN;
    }
    // Python sums from the last part up, multiplying by a growing power of 60; the same order keeps
    // the same rounding.
    double value = 0;
    double base = 1;
    String[] parts = digits.split(":", -1);
    for (int i = parts.length - 1; i >= 0; i--) {
      value += Double.parseDouble(parts[i]) * base;
      base *= 60;
    }
    return sign * value;
  }
}
