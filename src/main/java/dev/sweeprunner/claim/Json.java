package dev.sweeprunner.claim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.util.ByteArrayBuilder;

/**
 * JSON objects as maps, by streaming: no databind, so that a one-shot {@code status} does not pay
 * for its start.
 *
 * <p>Values are {@link String}, {@link Long}, {@link Double}, {@link Boolean}, null, {@link Map}
 * and {@link List}.
 */
final class Json {
  /** Python writes {@code NaN}; the earlier runner's files may hold one. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private Json() {}

  /** The one object in {@code bytes}. */
  static Map<String, @Nullable Object> object(byte[] bytes) throws UnreadableRecord {
    try (JsonParser in = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new UnreadableRecord("not a JSON object");
      }
      Map<String, @Nullable Object> object = objectBody(in);
      if (in.nextToken() != null) {
        throw new UnreadableRecord("something follows the JSON object");
      }
      return object;
    } catch (JacksonException e) {
      throw new UnreadableRecord("not JSON: " + e.getOriginalMessage());
    }
  }

  /** One line with a newline at its end. */
  static byte[] bytes(Map<String, ?> object) {
    ByteArrayBuilder out = new ByteArrayBuilder();
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      write(json, object);
    }
    out.append('\n');
    return out.toByteArray();
  }

  private static Map<String, @Nullable Object> objectBody(JsonParser in) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    for (String name = in.nextName(); name != null; name = in.nextName()) {
      in.nextToken();
      object.put(name, value(in));
    }
    return object;
  }

  private static @Nullable Object value(JsonParser in) {
    return switch (in.currentToken()) {
      case START_OBJECT -> objectBody(in);
      case START_ARRAY -> array(in);
      case VALUE_STRING -> in.getString();
      case VALUE_NUMBER_INT ->
          in.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? (Object) in.getDoubleValue()
              : (Object) in.getLongValue();
      case VALUE_NUMBER_FLOAT -> in.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  private static List<@Nullable Object> array(JsonParser in) {
    List<@Nullable Object> array = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(in));
    }
    return array;
  }

  private static void write(JsonGenerator json, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      map.forEach(
          (name, member) -> {
            json.writeName(String.valueOf(name));
            write(json, member);
          });
      json.writeEndObject();
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      list.forEach(member -> write(json, member));
      json.writeEndArray();
    } else if (value instanceof Number number) {
      json.writeNumber(number.longValue());
    } else if (value instanceof Boolean bool) {
      json.writeBoolean(bool);
    } else if (value == null) {
      json.writeNull();
    } else {
      json.writeString(value.toString());
    }
  }
}
