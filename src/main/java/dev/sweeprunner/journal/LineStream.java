package dev.sweeprunner.journal;

import dev.sweeprunner.config.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The lines of a file of rows one after the other, and its hash. Belongs to one thread. */
final class LineStream implements AutoCloseable {
  private static final int CHUNK = 1 << 16;

  private final MessageDigest digest = Sha256.digest();
  private final DigestInputStream in;
  private final byte[] chunk = new byte[CHUNK];
  private int start;
  private int end;

  /** Reads and closes {@code in}. */
  LineStream(InputStream in) {
    this.in = new DigestInputStream(in, digest);
  }

  /** The next line with its newline, which the last one may lack; null after that. */
  byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (start < end || more()) {
      int after = Math.min(RowLine.end(chunk, start), end);
      line.write(chunk, start, after - start);
      start = after;
      if (chunk[after - 1] == '\n') {
        return line.toByteArray();
      }
    }
    return line.size() == 0 ? null : line.toByteArray();
  }

  private boolean more() throws IOException {
    start = 0;
    end = Math.max(in.read(chunk), 0);
    return end > 0;
  }

  /** The hash of the whole file: after the last line. */
  String sha256() throws IOException {
    while (more()) {
      start = end;
    }
    return Sha256.hex(digest);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
