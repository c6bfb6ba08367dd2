package dev.sweeprunner.testkit;

import dev.sweeprunner.run.Clock;
import java.time.Duration;
import java.time.Instant;

/** Time that moves only when a test says so. */
public final class SettableClock implements Clock {
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private volatile long nanos;

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public long nanos() {
    return nanos;
  }

  /** Moves both clocks on. */
  public void advance(Duration by) {
    nanos += by.toNanos();
    now = now.plus(by);
  }

  /** Moves only the wall clock, as an administrator might. */
  public void jump(Duration by) {
    now = now.plus(by);
  }
}
