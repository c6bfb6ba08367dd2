package dev.sweeprunner.claim;

import dev.sweeprunner.run.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An answer that is asked for again once it is old. Any thread. */
public final class Cached<T> implements Supplier<T> {
  private final Clock clock;
  private final Duration age;
  private final Supplier<T> source;
  private @Nullable T answer;
  private long asked;

  /** An answer of {@code source} that is good for so long. */
  public Cached(Clock clock, Duration age, Supplier<T> source) {
    this.clock = clock;
    this.age = age;
    this.source = source;
  }

  @Override
  public synchronized T get() {
    T known = answer;
    if (known == null || clock.nanos() - asked >= age.toNanos()) {
      known = source.get();
      answer = known;
      asked = clock.nanos();
    }
    return known;
  }
}
