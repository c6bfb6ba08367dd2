package dev.sweeprunner.wandb.api;

import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait before the next try: what the server asked for, else 2 s, 4 s, 8 s … up to a
 * minute, each up to a quarter longer so that many workers do not come back at once.
 */
final class BackOff {
  private static final long BASE_MS = 2_000;
  private static final long MOST_MS = 60_000;
  private static final int DOUBLINGS = 5;
  private static final double SPREAD = 0.25;

  private final Random random;

  BackOff(long seed) {
    this.random = new Random(seed);
  }

  /**
   * The wait after a failed try.
   *
   * @param failures so far, at least 1
   * @param asked by the server, or null
   */
  Duration after(int failures, @Nullable Duration asked) {
    if (asked != null) {
      return asked;
    }
    double doubled = BASE_MS << Math.min(failures - 1, DOUBLINGS);
    double spread = 1 + SPREAD * random.nextDouble();
    return Duration.ofMillis(Math.min(MOST_MS, (long) (doubled * spread)));
  }
}
