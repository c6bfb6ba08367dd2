package dev.sweeprunner.claim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Typed reading of a JSON object's members. */
record Fields(Map<String, @Nullable Object> members) {
  static Fields of(byte[] bytes) throws UnreadableRecord {
    return new Fields(Json.object(bytes));
  }

  String text(String name) throws UnreadableRecord {
    if (members.get(name) instanceof String text) {
      return text;
    }
    throw missing(name);
  }

  String textOr(String name, String otherwise) {
    return members.get(name) instanceof String text ? text : otherwise;
  }

  @Nullable String textOrNull(String name) {
    return members.get(name) instanceof String text ? text : null;
  }

  /** Integral floats count: Python writes {@code 1000000.0}. */
  long number(String name) throws UnreadableRecord {
    Object value = members.get(name);
    if (value instanceof Long number) {
      return number;
    }
    if (value instanceof Double number && number == Math.rint(number)) {
      return number.longValue();
    }
    throw missing(name);
  }

  int integer(String name) throws UnreadableRecord {
    return (int) number(name);
  }

  boolean flag(String name) {
    return Boolean.TRUE.equals(members.get(name));
  }

  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    if (members.get(name) instanceof List<?> list) {
      list.forEach(member -> texts.add(String.valueOf(member)));
    }
    return List.copyOf(texts);
  }

  Fields object(String name) throws UnreadableRecord {
    Fields object = objectOrNull(name);
    if (object == null) {
      throw missing(name);
    }
    return object;
  }

  @SuppressWarnings("unchecked")
  @Nullable Fields objectOrNull(String name) {
    return members.get(name) instanceof Map<?, ?> map
        ? new Fields((Map<String, @Nullable Object>) map)
        : null;
  }

  <E extends Enum<E>> E choice(Class<E> kind, String name) throws UnreadableRecord {
    try {
      return Enum.valueOf(kind, text(name));
    } catch (IllegalArgumentException e) {
      throw new UnreadableRecord("unknown " + name + " " + text(name));
    }
  }

  private static UnreadableRecord missing(String name) {
    return new UnreadableRecord("no " + name);
  }
}
