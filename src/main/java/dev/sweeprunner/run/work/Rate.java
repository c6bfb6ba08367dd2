package dev.sweeprunner.run.work;

import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.run.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How fast a run trains: tokens per second over a sliding time, and what is left of it. */
final class Rate {
  private static final double SMOOTHING = 0.1;

  private final Clock clock;
  private final long workPerIteration;
  private long iter;
  private long last;
  private double secondsPerIteration;

  Rate(Clock clock, RunConfig config, long from) {
    this.clock = clock;
    this.workPerIteration = config.workPerIteration();
    this.iter = from;
    this.last = clock.nanos();
  }

  /** An update is complete; how long after the one before. Keeps an exponential mean of it. */
  Duration completed(long newIter) {
    long now = clock.nanos();
    double seconds = (now - last) / 1e9 / Math.max(1, newIter - iter);
    secondsPerIteration =
        secondsPerIteration == 0
            ? seconds
            : secondsPerIteration + SMOOTHING * (seconds - secondsPerIteration);
    Duration took = Duration.ofNanos(now - last);
    last = now;
    iter = newIter;
    return took;
  }

  /** Tokens per second, or 0 before the first update. */
  double tokensPerSecond() {
    return secondsPerIteration == 0 ? 0 : workPerIteration / secondsPerIteration;
  }

  /** Time to the last update, or null before the first and where there is no known last one. */
  @Nullable Duration left(long maxIters) {
    if (secondsPerIteration == 0 || maxIters <= 0) {
      return null;
    }
    return Duration.ofMillis((long) (1000 * secondsPerIteration * Math.max(0, maxIters - iter)));
  }
}
