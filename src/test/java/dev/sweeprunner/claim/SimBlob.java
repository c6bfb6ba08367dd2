package dev.sweeprunner.claim;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Bytes that never change, with a 64-bit hash that stands for them in the hash of a state. */
@NullMarked
final class SimBlob {
  static final SimBlob EMPTY = new SimBlob(new byte[0]);

  final byte[] bytes;
  final long hash;

  private boolean decoded;
  private @Nullable EncodedRecord record;

  SimBlob(byte[] bytes) {
    this.bytes = bytes;
    this.hash = hash(bytes);
  }

  /** The claim record in it, or null where the bytes say nothing. */
  @Nullable EncodedRecord record() {
    if (!decoded) {
      try {
        record = new EncodedRecord(RecordJson.decode(bytes), bytes);
      } catch (UnreadableRecord e) {
        record = null;
      }
      decoded = true;
    }
    return record;
  }

  static long hash(byte[] bytes) {
    long hash = bytes.length;
    for (byte b : bytes) {
      hash = hash * 0x5851F42D4C957F2DL + b + 0x14057B7EF767814FL;
    }
    return mix(hash);
  }

  static long hash(String text) {
    return hash(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Spreads a number over all 64 bits. */
  static long mix(long x) {
    long h = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
    h = (h ^ (h >>> 27)) * 0x94D049BB133111EBL;
    return h ^ (h >>> 31);
  }

  /** The hash of a sequence that goes on. */
  static long then(long hash, long next) {
    return mix(hash * 31 + next);
  }
}
