package dev.sweeprunner.relay;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A body to a bound, for as long as whoever sends it may. Belongs to one thread. */
final class Body extends FilterInputStream {
  private static final long MOST_DRAINED = 8L << 30;
  private static final long PER_MEGABYTE = TimeUnit.MILLISECONDS.toNanos(10);

  private final long most;
  private final BooleanSupplier open;
  private long taken;
  private boolean brokenOff;

  /**
   * What is left of a stream.
   *
   * @param most bytes; the next one throws {@link TooLarge}
   * @param open once it says no, reading throws {@link Revoked}
   */
  Body(InputStream in, long most, BooleanSupplier open) {
    super(in);
    this.most = most;
    this.open = open;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    check();
    int count = received(bytes, offset, length);
    check();
    taken += Math.max(0, count);
    if (taken > most) {
      throw new TooLarge();
    }
    return count;
  }

  /** Whether it ended before its end: whoever sends it has gone, or says nothing more. */
  boolean brokenOff() {
    return brokenOff;
  }

  private int received(byte[] bytes, int offset, int length) throws IOException {
    try {
      return super.read(bytes, offset, length);
    } catch (IOException e) {
      brokenOff = true;
      throw e;
    }
  }

  private void check() throws Revoked {
    if (!open.getAsBoolean()) {
      throw new Revoked();
    }
  }

  @Override
  public long skip(long bytes) throws IOException {
    return read(new byte[(int) Math.min(bytes, 8192)]);
  }

  /** Leaves the rest where it is: the same connection brings more. */
  @Override
  public void close() {}

  @Override
  public boolean markSupported() {
    return false;
  }

  /** Reads what is left and throws it away, at no more than 100 MB a second and to a bound. */
  static void drain(InputStream in, BooleanSupplier open) throws IOException {
    byte[] bytes = new byte[1 << 16];
    long drained = 0;
    for (int count = 0; count >= 0 && drained < MOST_DRAINED && open.getAsBoolean(); ) {
      count = in.read(bytes);
      boolean pause = count > 0 && drained >> 20 != (drained + count) >> 20;
      drained += Math.max(0, count);
      if (pause) {
        Pace.pause(PER_MEGABYTE);
      }
    }
  }

  /** There is more in it than is taken. */
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    TooLarge() {
      super("more than is taken at once");
    }
  }

  /** Whoever sends it no longer may. */
  static final class Revoked extends IOException {
    private static final long serialVersionUID = 1L;

    Revoked() {
      super("no longer allowed");
    }
  }
}
