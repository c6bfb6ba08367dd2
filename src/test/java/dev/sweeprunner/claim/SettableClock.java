package dev.sweeprunner.claim;

import dev.sweeprunner.run.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A clock that goes only when told to; wall time and elapsed time go apart as one likes. */
final class SettableClock implements Clock {
  private static final int TEN_YEARS = 10 * 365 * 86_400;

  private Instant wall = Instant.parse("2026-11-23T12:00:00Z");
  private long nanos = 1_000_000_007L;

  private @Nullable Random lies;

  /** From now on each look at the wall is up to ten years wrong, another time each time. */
  synchronized void lie(Random random) {
    lies = random;
  }

  @Override
  public synchronized Instant now() {
    return lies == null ? wall : wall.plusSeconds(lies.nextInt(-TEN_YEARS, TEN_YEARS));
  }

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  synchronized void pass(Duration time) {
    nanos += time.toNanos();
    wall = wall.plus(time);
  }

  synchronized void jumpWall(Duration by) {
    wall = wall.plus(by);
  }
}
