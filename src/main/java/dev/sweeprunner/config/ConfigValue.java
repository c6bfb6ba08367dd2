package dev.sweeprunner.config;

import java.nio.charset.StandardCharsets;
import java.util.List;
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
   * A value that {@link ValueCheck} passed: null, Boolean, Long, BigInteger, Double, String, List.
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
      out.append(PythonFloat.repr(number));
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
