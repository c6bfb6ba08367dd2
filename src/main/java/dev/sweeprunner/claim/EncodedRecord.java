package dev.sweeprunner.claim;

import dev.sweeprunner.config.Sha256;
import java.nio.charset.StandardCharsets;

/**
 * A record with its bytes.
 *
 * @param record what it says
 * @param bytes as they stand in the slot
 */
record EncodedRecord(LogRecord record, byte[] bytes) {
  static EncodedRecord of(LogRecord record) {
    return new EncodedRecord(record, RecordJson.encode(record));
  }

  /** SHA-256 of the bytes, in hex; computed anew, since most readers never ask. */
  String sha256() {
    return Sha256.of(bytes);
  }

  @Override
  public String toString() {
    return "slot " + record.slot() + ": " + new String(bytes, StandardCharsets.UTF_8);
  }
}
