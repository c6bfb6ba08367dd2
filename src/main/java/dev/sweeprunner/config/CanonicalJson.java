package dev.sweeprunner.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The identity of a config: one JSON object per section plus a second {@code seed} (a copy of
 * {@code training.seed}), keys sorted, no spaces, ASCII.
 *
 * <p>Owns a growing buffer, so one instance belongs to one thread.
 */
final class CanonicalJson {
  private static final String SEED = "seed";
  private static final Field TRAINING_SEED = Schema.field("training.seed");

  /** What stands before each field's value; after the last one, what closes the object. */
  private static final byte[][] BETWEEN = between();

  /** Before which field the copied seed stands; the text that names it ends that field's prefix. */
  private static final int AFTER_SEED = firstFieldAfterSeed();

  private static final byte[] SEED_NAME = ascii("},\"" + SEED + "\":");

  private byte[] buffer = new byte[4096];
  private int length;

  /** The bytes of the last {@link #write}; valid up to the length it gave, until the next one. */
  byte[] buffer() {
    return buffer;
  }

  /** Prints a config; gives the number of bytes in {@link #buffer}. */
  int write(Cells cells) {
    length = 0;
    for (int i = 0; i < BETWEEN.length - 1; i++) {
      if (i == AFTER_SEED) {
        append(SEED_NAME);
        append(cells.get(TRAINING_SEED).json());
      }
      append(BETWEEN[i]);
      append(cells.get(i).json());
    }
    append(BETWEEN[BETWEEN.length - 1]);
    return length;
  }

  /** Prints a config as text. */
  String text(Cells cells) {
    int bytes = write(cells);
    return new String(buffer, 0, bytes, StandardCharsets.US_ASCII);
  }

  private void append(byte[] bytes) {
    if (length + bytes.length > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + bytes.length));
    }
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
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
