package dev.sweeprunner.train.data;

import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.TrainingFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * One token file: 256 little-endian int32 header words (magic, version 1, token count), then the
 * tokens. Magic 20251013 means uint32 tokens, 20240520 (llm.c's) uint16.
 *
 * <p>Memory-mapped when first read. Belongs to one thread.
 */
final class Shard {
  private static final int HEADER_BYTES = 256 * Integer.BYTES;
  private static final int MAGIC_UINT32 = 20251013;
  private static final int MAGIC_UINT16 = 20240520;
  private static final int VERSION = 1;
  private static final int SEGMENT_BITS = 30;

  private final Path file;
  private final int width;
  private final long tokens;
  private final @Nullable MappedByteBuffer[] segments;

  private Shard(Path file, int width, long tokens) {
    this.file = file;
    this.width = width;
    this.tokens = tokens;
    long bytes = tokens * width;
    this.segments = new @Nullable MappedByteBuffer[(int) ((bytes >>> SEGMENT_BITS) + 1)];
  }

  /**
   * Reads and checks the header.
   *
   * @throws TrainingFailure of class DATA if the header is wrong or the file's length is not what
   *     it says; of class INFRA if the file cannot be read
   */
  static Shard open(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer header = header(channel, file);
      int magic = header.getInt(0);
      if (magic != MAGIC_UINT32 && magic != MAGIC_UINT16) {
        throw damaged(
            file, 0, "magic " + magic + " is neither " + MAGIC_UINT32 + " nor " + MAGIC_UINT16);
      }
      if (header.getInt(4) != VERSION) {
        throw damaged(file, 4, "version " + header.getInt(4) + " is not " + VERSION);
      }
      int width = magic == MAGIC_UINT32 ? Integer.BYTES : Short.BYTES;
      long tokens = header.getInt(8);
      if (tokens < 1) {
        throw damaged(file, 8, "token count " + tokens + " is not positive");
      }
      long expected = HEADER_BYTES + tokens * width;
      if (channel.size() != expected) {
        throw damaged(
            file,
            Math.min(channel.size(), expected),
            "the file has " + channel.size() + " bytes, but its header means " + expected);
      }
      return new Shard(file, width, tokens);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** How a file of so many uint16 tokens begins. */
  static byte[] header(int tokens) {
    return ByteBuffer.allocate(HEADER_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(MAGIC_UINT16)
        .putInt(VERSION)
        .putInt(tokens)
        .array();
  }

  long tokens() {
    return tokens;
  }

  /**
   * Copies {@code count} tokens from {@code from} on into {@code into} at {@code at}.
   *
   * @throws TrainingFailure of class DATA at a token that is not below {@code vocabulary}
   */
  void read(long from, int count, int[] into, int at, int vocabulary) {
    for (int i = 0; i < count; i++) {
      long position = (from + i) * width;
      ByteBuffer segment = segment((int) (position >>> SEGMENT_BITS));
      int place = (int) (position & ((1L << SEGMENT_BITS) - 1));
      int token =
          width == Integer.BYTES
              ? segment.getInt(place)
              : Short.toUnsignedInt(segment.getShort(place));
      if (Integer.compareUnsigned(token, vocabulary) >= 0) {
        throw damaged(
            file,
            HEADER_BYTES + position,
            "token %s is not below vocabulary size %s"
                .formatted(Integer.toUnsignedString(token), vocabulary));
      }
      into[at + i] = token;
    }
  }

  private ByteBuffer segment(int index) {
    MappedByteBuffer segment = segments[index];
    if (segment == null) {
      segment = map(index);
      segments[index] = segment;
    }
    return segment;
  }

  private MappedByteBuffer map(int index) {
    long from = (long) index << SEGMENT_BITS;
    long length = Math.min(1L << SEGMENT_BITS, tokens * width - from);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() < HEADER_BYTES + from + length) {
        throw damaged(file, channel.size(), "the file was cut short while it was in use");
      }
      MappedByteBuffer mapped =
          channel.map(FileChannel.MapMode.READ_ONLY, HEADER_BYTES + from, length);
      mapped.order(ByteOrder.LITTLE_ENDIAN);
      return mapped;
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static ByteBuffer header(FileChannel channel, Path file) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (header.hasRemaining()) {
      if (channel.read(header) < 0) {
        String what = "the file ends inside its header of " + HEADER_BYTES + " bytes";
        throw damaged(file, header.position(), what);
      }
    }
    return header;
  }

  private static TrainingFailure damaged(Path file, long offset, String what) {
    return new TrainingFailure(FailureClass.DATA, file + ", byte " + offset + ": " + what + ".");
  }

  private static TrainingFailure unreadable(Path file, IOException e) {
    return new TrainingFailure(FailureClass.INFRA, file + " cannot be read: " + Why.of(e) + ".", e);
  }
}
