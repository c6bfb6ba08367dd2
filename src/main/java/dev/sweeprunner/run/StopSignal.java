package dev.sweeprunner.run;

import java.util.Optional;

/** Whether this process was asked to stop. Any thread; once requested, it stays requested. */
public interface StopSignal {
  /** The signal or reason, or empty while the work may go on. */
  Optional<String> reason();

  /** True once a stop was requested. */
  default boolean requested() {
    return reason().isPresent();
  }
}
