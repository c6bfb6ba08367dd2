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
 * @param sha256 of the bytes, in hex
 */
record Attempt(LogRecord record, byte[] bytes, String sha256) {
  static Attempt of(LogRecord record) {
    byte[] bytes = RecordJson.encode(record);
    return new Attempt(record, bytes, sha256(bytes));
  }

  static String sha256(byte[] bytes) {
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
