package dev.sweeprunner.json;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
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
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.util.ByteArrayBuilder;
import tools.jackson.core.util.DefaultPrettyPrinter;

/**
 * JSON objects as maps in the order of their members.
 *
 * <p>Values read are {@link String}, {@link Long}, {@link BigInteger} where a long is too short,
 * {@link Double}, {@link Boolean}, null, {@link Map} and {@link List}. Written are the same and any
 * other {@link Number}; what is none of these is written as its {@code toString()}. Doubles that
 * JSON lacks are written as the strings {@code "NaN"}, {@code "Infinity"}, {@code "-Infinity"}.
 * Stateless; any thread.
 */
public final class Json {
  /** Python writes {@code NaN}; the earlier runner's files may hold one. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private Json() {}

  /** The one object in {@code bytes}, UTF-8. Of two members with one name the later one counts. */
  public static Map<String, @Nullable Object> object(byte[] bytes) throws UnreadableJson {
    return object(FACTORY, bytes);
  }

  /** As {@link #object}, but two members with one name are an error. */
  public static Map<String, @Nullable Object> objectOfDistinct(byte[] bytes) throws UnreadableJson {
    return object(
        FACTORY.rebuild().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build(), bytes);
  }

  /** One line with a newline at its end. */
  public static byte[] bytes(Map<String, ?> object) {
    return bytes(object, ObjectWriteContext.empty());
  }

  /** An indented document for people, with a newline at its end. */
  public static byte[] document(Map<String, ?> object) {
    return bytes(
        object,
        new ObjectWriteContext.Base() {
          @Override
          public PrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter();
          }

          @Override
          public boolean hasPrettyPrinter() {
            return true;
          }
        });
  }

  /** The text as a JSON string, with its quotes. */
  public static String quoted(String text) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeString(text);
    }
    return out.toString();
  }

  private static Map<String, @Nullable Object> object(JsonFactory factory, byte[] bytes)
      throws UnreadableJson {
    try (JsonParser in = factory.createParser(ObjectReadContext.empty(), bytes)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new UnreadableJson("not a JSON object");
      }
      Map<String, @Nullable Object> object = objectBody(in);
      if (in.nextToken() != null) {
        throw new UnreadableJson("something follows the JSON object");
      }
      return object;
    } catch (JacksonException e) {
      throw new UnreadableJson("not JSON: " + e.getOriginalMessage());
    }
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
              ? (Object) in.getBigIntegerValue()
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

  private static byte[] bytes(Map<String, ?> object, ObjectWriteContext context) {
    ByteArrayBuilder out = new ByteArrayBuilder();
    try (JsonGenerator json = FACTORY.createGenerator(context, out)) {
      write(json, object);
    }
    out.append('\n');
    return out.toByteArray();
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
      write(json, number);
    } else if (value instanceof Boolean bool) {
      json.writeBoolean(bool);
    } else if (value == null) {
      json.writeNull();
    } else {
      json.writeString(value.toString());
    }
  }

  private static void write(JsonGenerator json, Number number) {
    if (number instanceof BigInteger integer) {
      json.writeNumber(integer);
    } else if (number instanceof BigDecimal decimal) {
      json.writeNumber(decimal);
    } else if (number instanceof Double || number instanceof Float) {
      json.writeNumber(number.doubleValue());
    } else {
      json.writeNumber(number.longValue());
    }
  }
}
