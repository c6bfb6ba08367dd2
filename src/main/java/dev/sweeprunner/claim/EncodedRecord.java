package dev.sweeprunner.claim;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

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
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "slot " + record.slot() + ": " + new String(bytes, StandardCharsets.UTF_8);
  }
}
