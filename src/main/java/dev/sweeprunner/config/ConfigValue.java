package dev.sweeprunner.config;

import dev.sweeprunner.python.PythonFloat;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One value of one field in the form it was given, with its canonical JSON at hand: a grid of a
 * million points prints each value once.
 *
 * <p>The JSON is that of Python's {@code json.dumps} with {@code ensure_ascii}.
 */
final class ConfigValue {
  private final @Nullable Object value;
  private final byte[] json;

  private ConfigValue(@Nullable Object value, byte[] json) {
    this.value = value;
    this.json = json;
  }

  /**
   * Null, Boolean, Long, BigInteger, Double, String, a List or a Map of these; the keys of a map
   * are sorted by code point.
   */
  static ConfigValue of(@Nullable Object value) {
    StringBuilder text = new StringBuilder();
    print(value, text);
    return new ConfigValue(value, text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  @Nullable Object value() {
    return value;
  }

  /** Shared; not to be changed. */
  byte[] json() {
    return json;
  }

  private static void print(@Nullable Object value, StringBuilder out) {
    if (value instanceof String text) {
      quote(text, out);
    } else if (value instanceof Double number) {
      out.append(number(number));
    } else if (value instanceof Map<?, ?> map) {
      print(map, out);
    } else if (value instanceof List<?> list) {
      out.append('[');
      String comma = "";
      for (Object element : list) {
        out.append(comma);
        print(element, out);
        comma = ",";
      }
      out.append(']');
    } else {
      out.append(value);
    }
  }

  /** JSON lacks the last three; Python writes them so. */
  private static String number(double value) {
    if (Double.isFinite(value)) {
      return PythonFloat.repr(value);
    }
    return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  }

  private static void print(Map<?, ?> map, StringBuilder out) {
    TreeMap<String, @Nullable Object> sorted = new TreeMap<>(ConfigValue::byCodePoint);
    map.forEach((key, value) -> sorted.put(String.valueOf(key), value));
    out.append('{');
    String comma = "";
    for (Map.Entry<String, @Nullable Object> entry : sorted.entrySet()) {
      out.append(comma);
      quote(entry.getKey(), out);
      out.append(':');
      print(entry.getValue(), out);
      comma = ",";
    }
    out.append('}');
  }

  /** As Python sorts strings; {@code String.compareTo} goes by UTF-16 units. */
  private static int byCodePoint(String a, String b) {
    return Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\f' -> out.append("\\f");
        case '\b' -> out.append("\\b");
        default -> {
          if (c < ' ' || c > '~') {
            out.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
              out.append(Character.forDigit(c >> shift & 0xf, 16));
            }
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
