package dev.sweeprunner.testkit.wandb;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Hashes of contents, as clients and scripts spell them. */
final class Hashes {
  private Hashes() {}

  /** MD5 in base 64. */
  static String md5(byte[] bytes) {
    return Base64.getEncoder().encodeToString(hash("MD5", bytes));
  }

  /** SHA-256 in hexadecimal digits, for each. */
  static Map<String, String> sha256(Map<String, byte[]> files) {
    Map<String, String> hashes = new TreeMap<>();
    files.forEach(
        (name, bytes) -> hashes.put(name, HexFormat.of().formatHex(hash("SHA-256", bytes))));
    return hashes;
  }

  private static byte[] hash(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
