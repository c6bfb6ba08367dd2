package dev.sweeprunner.run;

import java.time.Duration;

/** Waiting, injected; a stop request ends a wait at once. */
public interface Pause {
  /** Waits for {@code duration} or until a stop is requested, whichever is first. */
  void pause(Duration duration);
}
