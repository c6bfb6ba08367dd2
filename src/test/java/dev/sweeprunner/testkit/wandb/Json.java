package dev.sweeprunner.testkit.wandb;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON in which NaN and the infinities stand bare, as W&amp;B writes it. */
final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .build();

  private Json() {}

  /** Reads an object; what is not an object is empty. */
  static Map<String, @Nullable Object> object(String text) {
    try {
      return members(read(text));
    } catch (JacksonException notJson) {
      return Map.of();
    }
  }

  /** The members of a value, none if it is not an object. */
  static Map<String, @Nullable Object> members(@Nullable Object value) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, member) -> members.put(String.valueOf(key), member));
    }
    return members;
  }

  static @Nullable Object read(String text) {
    return MAPPER.readValue(text, Object.class);
  }

  static boolean valid(String text) {
    try {
      MAPPER.readTree(text);
      return true;
    } catch (JacksonException notJson) {
      return false;
    }
  }

  /** The members with texts for what strict JSON has no number for. */
  static Map<String, @Nullable Object> strict(Map<String, @Nullable Object> members) {
    Map<String, @Nullable Object> strict = new LinkedHashMap<>(members);
    strict.replaceAll(
        (key, value) ->
            value instanceof Double number && !Double.isFinite(number) ? number.toString() : value);
    return strict;
  }

  static String text(@Nullable Object value) {
    return MAPPER.writeValueAsString(value);
  }

  static byte[] bytes(@Nullable Object value) {
    return text(value).getBytes(StandardCharsets.UTF_8);
  }
}
