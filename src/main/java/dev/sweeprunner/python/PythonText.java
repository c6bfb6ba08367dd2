package dev.sweeprunner.python;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How Python shows a value, byte for byte: {@code str()} and {@code repr()}. Pure. */
public final class PythonText {
  private PythonText() {}

  /**
   * A string as it is, everything else as its repr.
   *
   * @param value a String, Long, BigInteger, Double, Boolean, null, or a List or Map of such
   */
  public static String str(@Nullable Object value) {
    return value instanceof String text ? text : repr(value);
  }

  /** As {@link #str}, but a string in quotes. */
  public static String repr(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    append(out, value);
    return out.toString();
  }

  /** A float's repr; {@code inf}, {@code -inf} and {@code nan} for what is not finite. */
  public static String number(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    return Double.isInfinite(value) ? (value > 0 ? "inf" : "-inf") : PythonFloat.repr(value);
  }

  private static void append(StringBuilder out, @Nullable Object value) {
    if (value == null) {
      out.append("None");
    } else if (value instanceof Boolean flag) {
      out.append(flag ? "True" : "False");
    } else if (value instanceof Double number) {
      out.append(number(number));
    } else if (value instanceof String text) {
      quote(out, text);
    } else if (value instanceof List<?> list) {
      list(out, list);
    } else if (value instanceof Map<?, ?> map) {
      dict(out, map);
    } else {
      out.append(value);
    }
  }

  private static void list(StringBuilder out, List<?> list) {
    String separator = "";
    out.append('[');
    for (Object element : list) {
      out.append(separator);
      append(out, element);
      separator = ", ";
    }
    out.append(']');
  }

  private static void dict(StringBuilder out, Map<?, ?> map) {
    String separator = "";
    out.append('{');
    for (Map.Entry<?, ?> member : map.entrySet()) {
      out.append(separator);
      append(out, member.getKey());
      out.append(": ");
      append(out, member.getValue());
      separator = ", ";
    }
    out.append('}');
  }

  private static void quote(StringBuilder out, String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    out.append(quote);
    text.codePoints().forEach(c -> character(out, c, quote));
    out.append(quote);
  }

  private static void character(StringBuilder out, int c, char quote) {
    if (c == quote || c == '\\') {
      out.append('\\').append((char) c);
    } else if (c == '\n') {
      out.append("\\n");
    } else if (c == '\r') {
      out.append("\\r");
    } else if (c == '\t') {
      out.append("\\t");
    } else if (isPrintable(c)) {
      out.appendCodePoint(c);
    } else {
      String format = c <= 0xff ? "\\x%02x" : c <= 0xffff ? "\\u%04x" : "\\U%08x";
      out.append(String.format(Locale.ROOT, format, c));
    }
  }

  /** Python's {@code str.isprintable}: neither "other" nor a separator but the space. */
  private static boolean isPrintable(int c) {
    return c == ' '
        || switch (Character.getType(c)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.PRIVATE_USE,
              Character.UNASSIGNED,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR,
              Character.SPACE_SEPARATOR ->
              false;
          default -> true;
        };
  }
}
