package dev.sweeprunner.wandb.offline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Reads a whole {@code .wandb} file block by block, as the format's description has it and unlike
 * the writer, which never sees a block as such.
 */
final class RecordLogReader {
  private final List<byte[]> records = new ArrayList<>();
  private final ByteArrayOutputStream open = new ByteArrayOutputStream();
  private boolean inRecord;

  private RecordLogReader() {}

  /** The records of a file; a damaged one fails the test. */
  static List<byte[]> records(byte[] file) {
    assertThat(Arrays.copyOf(file, 7)).isEqualTo(new byte[] {58, 87, 38, 66, -31, -66, 0});
    RecordLogReader reader = new RecordLogReader();
    for (int start = 0; start < file.length; start += 32_768) {
      int end = Math.min(file.length, start + 32_768);
      reader.block(Arrays.copyOfRange(file, start == 0 ? 7 : start, end), end % 32_768 == 0);
    }
    assertThat(reader.inRecord).as("a record is cut short").isFalse();
    return reader.records;
  }

  private void block(byte[] bytes, boolean whole) {
    ByteBuffer block = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (block.remaining() >= 7) {
      int checksum = block.getInt();
      int length = Short.toUnsignedInt(block.getShort());
      byte kind = block.get();
      byte[] data = new byte[length];
      block.get(data);
      CRC32 expected = new CRC32();
      expected.update(kind);
      expected.update(data);
      assertThat(checksum).as("checksum").isEqualTo((int) expected.getValue());
      chunk(kind, data);
    }
    assertThat(whole || !block.hasRemaining()).as("only a whole block has a trailer").isTrue();
    while (block.hasRemaining()) {
      assertThat(block.get()).as("trailer").isZero();
    }
  }

  private void chunk(byte kind, byte[] data) {
    assertThat(kind).isBetween((byte) 1, (byte) 4);
    assertThat(inRecord).as("kind %d inside a record", kind).isEqualTo(kind >= 3);
    open.writeBytes(data);
    inRecord = kind == 2 || kind == 3;
    if (!inRecord) {
      records.add(open.toByteArray());
      open.reset();
    }
  }
}
