package dev.sweeprunner.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Typed reading of a JSON object's members. Members that nobody asks for are ignored. A method
 * without {@code Or} in its name throws where the member is missing or of another kind.
 *
 * @param members name to value, as {@link Json} reads them
 */
public record Fields(Map<String, @Nullable Object> members) {
  /** The one object in {@code bytes}. */
  public static Fields of(byte[] bytes) throws UnreadableJson {
    return new Fields(Json.object(bytes));
  }

  /** A string. */
  public String text(String name) throws UnreadableJson {
    if (members.get(name) instanceof String text) {
      return text;
    }
    throw missing(name);
  }

  /** A string, or {@code otherwise}. */
  public String textOr(String name, String otherwise) {
    return members.get(name) instanceof String text ? text : otherwise;
  }

  /** A string, or null. */
  public @Nullable String textOrNull(String name) {
    return members.get(name) instanceof String text ? text : null;
  }

  /** An integer. Integral floats count: Python writes {@code 1000000.0}. */
  public long number(String name) throws UnreadableJson {
    Object value = members.get(name);
    if (value instanceof Long number) {
      return number;
    }
    if (value instanceof Double number && number == Math.rint(number)) {
      return number.longValue();
    }
    throw missing(name);
  }

  /** As {@link #number}, of an int's size. */
  public int integer(String name) throws UnreadableJson {
    long number = number(name);
    if ((int) number != number) {
      throw new UnreadableJson(name + " is too large");
    }
    return (int) number;
  }

  /** A number, or one of the strings that stand for what JSON lacks, or null. */
  public @Nullable Double decimalOrNull(String name) {
    Object value = members.get(name);
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    return value instanceof String text ? notFinite(text) : null;
  }

  /** Whether the member is {@code true}. */
  public boolean flag(String name) {
    return Boolean.TRUE.equals(members.get(name));
  }

  /** The elements of an array as strings; empty if there is none. */
  public List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    if (members.get(name) instanceof List<?> list) {
      list.forEach(member -> texts.add(String.valueOf(member)));
    }
    return List.copyOf(texts);
  }

  /** An object. */
  public Fields object(String name) throws UnreadableJson {
    Fields object = objectOrNull(name);
    if (object == null) {
      throw missing(name);
    }
    return object;
  }

  /** An object, or null. */
  public @Nullable Fields objectOrNull(String name) {
    return fields(members.get(name));
  }

  /** An array of objects. */
  public List<Fields> objects(String name) throws UnreadableJson {
    if (!(members.get(name) instanceof List<?> list)) {
      throw missing(name);
    }
    List<Fields> objects = new ArrayList<>();
    for (Object member : list) {
      Fields object = fields(member);
      if (object == null) {
        throw missing(name);
      }
      objects.add(object);
    }
    return List.copyOf(objects);
  }

  /** A constant by its name. */
  public <E extends Enum<E>> E choice(Class<E> kind, String name) throws UnreadableJson {
    try {
      return Enum.valueOf(kind, text(name));
    } catch (IllegalArgumentException e) {
      throw new UnreadableJson("unknown " + name + " " + text(name));
    }
  }

  @SuppressWarnings("unchecked")
  private static @Nullable Fields fields(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? new Fields((Map<String, @Nullable Object>) map) : null;
  }

  private static @Nullable Double notFinite(String text) {
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> null;
    };
  }

  private static UnreadableJson missing(String name) {
    return new UnreadableJson("no " + name);
  }
}
