package dev.sweeprunner.host;

import dev.sweeprunner.run.Clock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * This host's clocks.
 *
 * <p>The monotonic clock of a JVM stands still while a host is suspended; an owner that slept must
 * know that its claim has aged. So time that only the kernel's time since boot has seen, from two
 * seconds at once on, counts as elapsed too. That one is asked where the wall clock has gone
 * another way than the monotonic one, which costs nothing else: whoever sets the wall clock, by ten
 * years or back, changes no elapsed time.
 */
public final class SystemClock implements Clock {
  private static final long JUMP = TimeUnit.SECONDS.toNanos(2);
  private static final Path UPTIME = Path.of("/proc/uptime");

  private final LongSupplier monotonicNanos;
  private final LongSupplier wallNanos;
  private final LongSupplier bootNanos;
  private final long start;
  private long wallAhead;
  private long bootAhead;
  private long slept;

  /** The clocks of this host. */
  public SystemClock() {
    this(System::nanoTime, SystemClock::wall, SystemClock::sinceBoot);
  }

  SystemClock(LongSupplier monotonicNanos, LongSupplier wallNanos, LongSupplier bootNanos) {
    this.monotonicNanos = monotonicNanos;
    this.wallNanos = wallNanos;
    this.bootNanos = bootNanos;
    this.start = monotonicNanos.getAsLong();
    this.wallAhead = wallNanos.getAsLong() - start;
    this.bootAhead = bootNanos.getAsLong() - start;
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public synchronized long nanos() {
    long monotonic = monotonicNanos.getAsLong();
    long ahead = wallNanos.getAsLong() - monotonic;
    if (Math.abs(ahead - wallAhead) >= JUMP) {
      wallAhead = ahead;
      lookWhetherItSlept(monotonic);
    }
    return monotonic - start + slept;
  }

  private void lookWhetherItSlept(long monotonic) {
    long ahead = bootNanos.getAsLong() - monotonic;
    if (ahead - bootAhead >= JUMP) {
      slept += ahead - bootAhead;
      bootAhead = ahead;
    }
  }

  private static long wall() {
    var now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  /** Suspended time included; where it cannot be read, no host is ever seen to have slept. */
  static long sinceBoot() {
    String seconds = Proc.text(UPTIME).split(" ", 2)[0];
    try {
      return (long) (Double.parseDouble(seconds) * TimeUnit.SECONDS.toNanos(1));
    } catch (NumberFormatException unreadable) {
      return Long.MIN_VALUE / 2;
    }
  }
}
