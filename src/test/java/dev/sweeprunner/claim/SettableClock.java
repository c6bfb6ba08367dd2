package dev.sweeprunner.claim;

import dev.sweeprunner.run.Clock;
import java.time.Duration;
import java.time.Instant;

/** A clock that goes only when told to; wall time and elapsed time go apart as one likes. */
final class SettableClock implements Clock {
  private Instant wall = Instant.parse("2026-11-23T12:00:00Z");
  private long nanos = 1_000_000_007L;

  @Override
  public synchronized Instant now() {
    return wall;
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
