package dev.sweeprunner.sweep;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is made when it is first asked for, and kept; two threads that ask at once may both
 * make it. What throws is made anew the next time.
 */
final class Lazy<T> {
  private final Supplier<T> maker;
  private final AtomicReference<@Nullable T> made = new AtomicReference<>();

  Lazy(Supplier<T> maker) {
    this.maker = maker;
  }

  T get() {
    T known = made.get();
    if (known == null) {
      known = maker.get();
      made.set(known);
    }
    return known;
  }
}
