package dev.sweeprunner.batch;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one round has done so far, and what broke it. Belongs to one thread. */
final class Tally {
  private int trained;
  private @Nullable RuntimeException broken;

  void count() {
    trained++;
  }

  int trained() {
    return trained;
  }

  /** Does this, and keeps what it throws: Spring may drop it over a job repository that breaks. */
  <T extends @Nullable Object> T keeping(Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      broken = e;
      throw e;
    }
  }

  /** Throws what was kept. */
  void raise() {
    if (broken != null) {
      throw broken;
    }
  }
}
