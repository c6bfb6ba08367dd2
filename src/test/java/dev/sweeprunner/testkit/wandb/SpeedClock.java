package dev.sweeprunner.testkit.wandb;

import dev.sweeprunner.run.Clock;
import java.time.Duration;
import java.time.Instant;

/** Real time, faster by a factor from the start on, and moved on by hand. */
public final class SpeedClock implements Clock {
  private final double speed;
  private final Instant start = Instant.now();
  private final long origin = System.nanoTime();
  private volatile Duration ahead = Duration.ZERO;

  /** A clock that is right at this moment. */
  public SpeedClock(double speed) {
    this.speed = speed;
  }

  /** Moves it on. */
  public synchronized void advance(Duration by) {
    ahead = ahead.plus(by);
  }

  @Override
  public Instant now() {
    return start.plusNanos(nanos());
  }

  @Override
  public long nanos() {
    return (long) ((System.nanoTime() - origin) * speed) + ahead.toNanos();
  }
}
