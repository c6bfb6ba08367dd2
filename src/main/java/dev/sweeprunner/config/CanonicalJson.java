package dev.sweeprunner.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The identity of a config: one JSON object per section plus a second {@code seed} (a copy of
 * {@code training.seed}), keys sorted, no spaces, ASCII.
 *
 * <p>Stateless; safe for all threads.
 */
final class CanonicalJson {
  private static final Field TRAINING_SEED = Schema.field("training.seed");
  private static final List<Part> PARTS = parts();
  private static final byte[] END = ascii("}}");

  private CanonicalJson() {}

  /** What stands before a value, and which field's value it is. */
  private static final class Part {
    private final byte[] before;
    private final int field;

    Part(String before, Field field) {
      this.before = ascii(before);
      this.field = field.index();
    }
  }

  /** Prints a config. */
  static byte[] of(ConfigValues values) {
    int length = END.length;
    for (Part part : PARTS) {
      length += part.before.length + values.get(part.field).json().length;
    }
    byte[] json = new byte[length];
    int at = 0;
    for (Part part : PARTS) {
      at = append(json, at, part.before);
      at = append(json, at, values.get(part.field).json());
    }
    append(json, at, END);
    return json;
  }

  /** As {@link #of}, as a string. */
  static String text(ConfigValues values) {
    return new String(of(values), StandardCharsets.US_ASCII);
  }

  private static int append(byte[] json, int at, byte[] bytes) {
    System.arraycopy(bytes, 0, json, at, bytes.length);
    return at + bytes.length;
  }

  private static List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    String section = "";
    String end = "{";
    for (Field field : Schema.fields()) {
      String before = ",";
      if (!field.section().equals(section)) {
        if (section.compareTo("seed") < 0 && field.section().compareTo("seed") > 0) {
          parts.add(new Part("},\"seed\":", TRAINING_SEED));
          end = ",";
        }
        section = field.section();
        before = end + '"' + section + "\":{";
        end = "},";
      }
      parts.add(new Part(before + '"' + field.name() + "\":", field));
    }
    return parts;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
