package dev.sweeprunner.host;

import dev.sweeprunner.run.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * This host's clocks.
 *
 * <p>The monotonic clock of a JVM stands still while a host is suspended; an owner that slept must
 * know that its claim has aged. So time that only the wall clock saw, from two seconds at once on,
 * counts as elapsed too; a wall clock that is set back counts for nothing.
 */
public final class SystemClock implements Clock {
  private static final long JUMP = TimeUnit.SECONDS.toNanos(2);

  private final LongSupplier monotonicNanos;
  private final LongSupplier wallNanos;
  private final long start;
  private long wallAhead;
  private long slept;

  /** The clocks of this host. */
  public SystemClock() {
    this(System::nanoTime, SystemClock::wall);
  }

  SystemClock(LongSupplier monotonicNanos, LongSupplier wallNanos) {
    this.monotonicNanos = monotonicNanos;
    this.wallNanos = wallNanos;
    this.start = monotonicNanos.getAsLong();
    this.wallAhead = wallNanos.getAsLong() - start;
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public synchronized long nanos() {
    long monotonic = monotonicNanos.getAsLong();
    long ahead = wallNanos.getAsLong() - monotonic;
    long jump = ahead - wallAhead;
    if (Math.abs(jump) >= JUMP) {
      wallAhead = ahead;
      slept += Math.max(0, jump);
    }
    return monotonic - start + slept;
  }

  private static long wall() {
    var now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }
}
