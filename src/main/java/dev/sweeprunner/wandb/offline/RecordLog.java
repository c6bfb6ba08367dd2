package dev.sweeprunner.wandb.offline;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;

/**
 * Records in the framing of a {@code .wandb} file: a LevelDB log whose first block begins with
 * seven bytes of its own.
 *
 * <p>The log is cut into blocks of 32,768 bytes. A record is one chunk, or several where it meets
 * the end of a block. A chunk is a header of seven bytes (checksum as u32, length as u16, both
 * little-endian, and the kind) and data, which may be empty. A block's last bytes are zero where
 * fewer than seven are left. The checksum is the plain CRC-32 over kind and data, which differs
 * from LevelDB's (CRC-32C, masked). Holds no more than the record being written; belongs to one
 * thread.
 *
 * <p>Layout: LevelDB's {@code log_format.md}.
 */
final class RecordLog {
  /** Bytes of a block. */
  static final int BLOCK = 32_768;

  /** Bytes before a chunk's data. */
  static final int CHUNK_HEADER = 7;

  /** What the file begins with: a mark, a number, the version of the format. */
  private static final byte[] FILE_HEADER = {':', 'W', '&', 'B', (byte) 0xE1, (byte) 0xBE, 0};

  private static final int FULL = 1;
  private static final int FIRST = 2;
  private static final int MIDDLE = 3;
  private static final int LAST = 4;

  private final OutputStream out;
  private int left;

  /** Begins a log: writes the file's header. */
  RecordLog(OutputStream out) throws IOException {
    this.out = out;
    out.write(FILE_HEADER);
    left = BLOCK - FILE_HEADER.length;
  }

  /** Appends one record of any length. */
  void append(byte[] record) throws IOException {
    int from = 0;
    boolean first = true;
    do {
      fillBlockTooShortForHeader();
      int length = Math.min(record.length - from, left - CHUNK_HEADER);
      chunk(kind(first, from + length == record.length), record, from, length);
      from += length;
      first = false;
    } while (from < record.length);
  }

  private static int kind(boolean first, boolean last) {
    if (first) {
      return last ? FULL : FIRST;
    }
    return last ? LAST : MIDDLE;
  }

  private void fillBlockTooShortForHeader() throws IOException {
    if (left < CHUNK_HEADER) {
      out.write(new byte[left]);
      left = BLOCK;
    }
  }

  private void chunk(int kind, byte[] record, int from, int length) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(kind);
    checksum.update(record, from, length);
    long sum = checksum.getValue();
    byte[] header = {
      (byte) sum,
      (byte) (sum >>> 8),
      (byte) (sum >>> 16),
      (byte) (sum >>> 24),
      (byte) length,
      (byte) (length >>> 8),
      (byte) kind
    };
    out.write(header);
    out.write(record, from, length);
    left -= CHUNK_HEADER + length;
  }
}
