package dev.sweeprunner.wandb.offline;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * One protocol buffer message in the making, of the two wire types that a W&amp;B record needs:
 * varint (0) and length-delimited (2). Fields stand in the order in which they are added. Belongs
 * to one thread.
 *
 * <p>Encoding: <a href="https://protobuf.dev/programming-guides/encoding/">protobuf.dev</a>.
 */
final class Message {
  private static final int VARINT = 0;
  private static final int LENGTH_DELIMITED = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Adds an int32, int64, bool or enum; a negative one takes ten bytes, as the format has it. */
  Message number(int field, long value) {
    tag(field, VARINT);
    varint(value);
    return this;
  }

  /** Adds a string; nothing for null. */
  Message text(int field, @Nullable String text) {
    return text == null ? this : bytes(field, text.getBytes(UTF_8));
  }

  /** Adds a message inside this one. */
  Message message(int field, Message inner) {
    return bytes(field, inner.bytes());
  }

  /** The message so far. */
  byte[] bytes() {
    return out.toByteArray();
  }

  private Message bytes(int field, byte[] bytes) {
    tag(field, LENGTH_DELIMITED);
    varint(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  private void tag(int field, int wireType) {
    varint((long) field << 3 | wireType);
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
