package dev.sweeprunner.json;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value as W&amp;B's records carry it: JSON, but with the bare tokens {@code NaN}, {@code
 * Infinity} and {@code -Infinity}, which W&amp;B reads as numbers and charts as gaps; as strings
 * they would make the whole key one of text. Stateless.
 */
public final class ValueJson {
  private ValueJson() {}

  /** A value that is written already, and stays as it is. */
  public record Verbatim(String json) {}

  /**
   * Maps, lists, numbers, booleans, null, {@link Verbatim}; what is none of these is its {@code
   * toString()}.
   */
  public static String of(@Nullable Object value) {
    StringBuilder json = new StringBuilder();
    write(json, value);
    return json.toString();
  }

  private static void write(StringBuilder json, @Nullable Object value) {
    if (value instanceof Verbatim written) {
      json.append(written.json());
    } else if (value instanceof Map<?, ?> map) {
      object(json, map);
    } else if (value instanceof List<?> list) {
      array(json, list);
    } else if (value == null || value instanceof Number || value instanceof Boolean) {
      json.append(value);
    } else {
      json.append(Json.quoted(value.toString()));
    }
  }

  private static void object(StringBuilder json, Map<?, ?> map) {
    String separator = "{";
    for (Map.Entry<?, ?> member : map.entrySet()) {
      json.append(separator).append(Json.quoted(String.valueOf(member.getKey()))).append(':');
      write(json, member.getValue());
      separator = ",";
    }
    json.append(map.isEmpty() ? "{}" : "}");
  }

  private static void array(StringBuilder json, List<?> list) {
    String separator = "[";
    for (Object element : list) {
      json.append(separator);
      write(json, element);
      separator = ",";
    }
    json.append(list.isEmpty() ? "[]" : "]");
  }
}
