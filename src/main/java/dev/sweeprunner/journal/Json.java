package dev.sweeprunner.journal;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** The JSON of this room: versioned objects, one per file, ended by a newline. */
final class Json {
  /** The version that every file of this room carries and the newest it reads. */
  static final int VERSION = 1;

  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private Json() {}

  /** The value as one indented document. */
  static byte[] document(Object value) {
    return (MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }
}
