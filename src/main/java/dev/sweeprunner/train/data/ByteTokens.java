package dev.sweeprunner.train.data;

import java.io.IOException;
import java.io.OutputStream;

/** The token file of a text whose tokens are its bytes: 256 of them, each a uint16. */
public final class ByteTokens {
  /** How many different tokens there are. */
  public static final int VOCABULARY = 256;

  private final OutputStream out;
  private byte[] pairs = {};

  /** Begins the file of so many tokens; as many are to be {@link #put}. */
  public ByteTokens(OutputStream out, int tokens) throws IOException {
    this.out = out;
    out.write(Shard.header(tokens));
  }

  /** The next tokens: the first {@code count} of these bytes. */
  public void put(byte[] tokens, int count) throws IOException {
    if (pairs.length < count * Short.BYTES) {
      pairs = new byte[count * Short.BYTES];
    }
    for (int i = 0; i < count; i++) {
      pairs[i * Short.BYTES] = tokens[i]; // little-endian; what comes after it stays zero
    }
    out.write(pairs, 0, count * Short.BYTES);
  }
}
