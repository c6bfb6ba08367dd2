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
  private static final String SEED = "seed";
  private static final Field TRAINING_SEED = Schema.field("training.seed");

  /** What stands before each field's value; after the last one, what closes the object. */
  private static final byte[][] BETWEEN = between();

  /** Before which field the copied seed stands; the text that names it ends that field's prefix. */
  private static final int AFTER_SEED = firstFieldAfterSeed();

  private static final byte[] SEED_NAME = ascii("},\"" + SEED + "\":");

  private CanonicalJson() {}

  /** Prints a config. */
  static byte[] of(ConfigValues values) {
    byte[] seed = values.get(TRAINING_SEED).json();
    int fields = BETWEEN.length - 1;
    int length = SEED_NAME.length + seed.length + BETWEEN[fields].length;
    for (int i = 0; i < fields; i++) {
      length += BETWEEN[i].length + values.get(i).json().length;
    }
    byte[] json = new byte[length];
    int at = 0;
    for (int i = 0; i < fields; i++) {
      if (i == AFTER_SEED) {
        at = append(json, at, SEED_NAME);
        at = append(json, at, seed);
      }
      at = append(json, at, BETWEEN[i]);
      at = append(json, at, values.get(i).json());
    }
    append(json, at, BETWEEN[fields]);
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

  private static byte[][] between() {
    List<byte[]> parts = new ArrayList<>();
    String section = "";
    for (Field field : Schema.fields()) {
      StringBuilder text = new StringBuilder();
      if (field.section().equals(section)) {
        text.append(',');
      } else {
        boolean closed = section.isEmpty() || seedStandsBefore(field, section);
        text.append(section.isEmpty() ? "{" : closed ? "," : "},");
        section = field.section();
        text.append('"').append(section).append("\":{");
      }
      parts.add(ascii(text.append('"').append(field.name()).append("\":").toString()));
    }
    parts.add(ascii("}}"));
    return parts.toArray(byte[][]::new);
  }

  private static boolean seedStandsBefore(Field field, String sectionBefore) {
    return sectionBefore.compareTo(SEED) < 0 && field.section().compareTo(SEED) > 0;
  }

  private static int firstFieldAfterSeed() {
    return Schema.fields().stream()
        .filter(field -> field.section().compareTo(SEED) > 0)
        .findFirst()
        .orElseThrow()
        .index();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
