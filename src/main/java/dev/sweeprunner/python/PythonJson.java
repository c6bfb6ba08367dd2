package dev.sweeprunner.python;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value as Python's {@code json.dumps} writes it: a space after comma and colon, ASCII alone, and
 * the tokens {@code NaN} and {@code Infinity}, which JSON lacks. Pure.
 */
public final class PythonJson {
  private PythonJson() {}

  /**
   * The JSON of a value.
   *
   * @param value a String, Long, BigInteger, Double, Boolean, null, or a List or Map of such
   */
  public static String dumps(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    append(out, value);
    return out.toString();
  }

  private static void append(StringBuilder out, @Nullable Object value) {
    if (value instanceof String text) {
      quote(out, text);
    } else if (value instanceof Double number) {
      out.append(number(number));
    } else if (value instanceof List<?> list) {
      array(out, list);
    } else if (value instanceof Map<?, ?> map) {
      object(out, map);
    } else {
      out.append(value); // null, true, false and integers are written as Java does
    }
  }

  private static String number(double value) {
    return switch (PythonText.number(value)) {
      case "nan" -> "NaN";
      case "inf" -> "Infinity";
      case "-inf" -> "-Infinity";
      default -> PythonText.number(value);
    };
  }

  private static void array(StringBuilder out, List<?> list) {
    String separator = "";
    out.append('[');
    for (Object element : list) {
      out.append(separator);
      append(out, element);
      separator = ", ";
    }
    out.append(']');
  }

  private static void object(StringBuilder out, Map<?, ?> map) {
    String separator = "";
    out.append('{');
    for (Map.Entry<?, ?> member : map.entrySet()) {
      out.append(separator);
      quote(out, String.valueOf(member.getKey()));
      out.append(": ");
      append(out, member.getValue());
      separator = ", ";
    }
    out.append('}');
  }

  private static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      character(out, text.charAt(i));
    }
    out.append('"');
  }

  private static void character(StringBuilder out, char c) {
    switch (c) {
      case '"', '\\' -> out.append('\\').append(c);
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\f' -> out.append("\\f");
      case '\b' -> out.append("\\b");
      default -> {
        if (c >= ' ' && c <= '~') {
          out.append(c);
        } else {
          out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
        }
      }
    }
  }
}
