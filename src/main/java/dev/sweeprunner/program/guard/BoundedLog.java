package dev.sweeprunner.program.guard;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayDeque;

/**
 * Lines for a log that has a limit: the first ones go through, of the others the newest are kept and
 * written at the end, with how much is missing between. Belongs to one thread. A crash loses what is
 * kept.
 */
public final class BoundedLog implements AutoCloseable {
  /** Bytes of a claim's output that go through. */
  public static final long LIMIT = 16L << 20;

  /** Bytes of the newest lines that are kept after that. */
  public static final int KEPT = 256 << 10;

  private final Sink sink;
  private final long limit;
  private final int most;
  private final ArrayDeque<byte[]> kept = new ArrayDeque<>();
  private long written;
  private long size;
  private long leftOut;
  private boolean full;

  /** A log with the usual limits. */
  public BoundedLog(Sink sink) {
    this(sink, LIMIT, KEPT);
  }

  /**
   * A log.
   *
   * @param limit bytes that go through
   * @param most bytes that are kept after that
   */
  public BoundedLog(Sink sink, long limit, int most) {
    this.sink = sink;
    this.limit = limit;
    this.most = most;
  }

  /** Where bytes go: whole lines. */
  public interface Sink {
    /** Appends them. */
    void append(byte[] lines) throws IOException;
  }

  /** Adds a line, given without its end. */
  public void add(String line) throws IOException {
    byte[] bytes = (line + "\n").getBytes(UTF_8);
    full |= written + bytes.length > limit;
    if (full) {
      keep(bytes);
    } else {
      written += bytes.length;
      sink.append(bytes);
    }
  }

  private void keep(byte[] line) {
    kept.add(line);
    size += line.length;
    while (size > most) {
      int dropped = kept.remove().length;
      size -= dropped;
      leftOut += dropped;
    }
  }

  /** Writes the newest lines, and before them how much was left out. */
  @Override
  public void close() throws IOException {
    if (leftOut > 0) {
      sink.append(("... " + leftOut + " bytes left out ...\n").getBytes(UTF_8));
    }
    for (byte[] line : kept) {
      sink.append(line);
    }
    kept.clear();
    leftOut = 0;
    size = 0;
  }
}
