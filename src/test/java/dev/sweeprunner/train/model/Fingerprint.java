package dev.sweeprunner.train.model;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over the bits of a model's parameters and moments. */
final class Fingerprint {
  private Fingerprint() {}

  static String of(Gpt model) {
    MessageDigest digest = sha256();
    for (Tensor tensor : model.weights()) {
      digest.update(bytes(tensor.values()));
    }
    for (Tensor tensor : model.optimizerState()) {
      digest.update(bytes(tensor.values()));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length);
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
