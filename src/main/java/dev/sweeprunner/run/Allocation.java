package dev.sweeprunner.run;

import java.time.Duration;
import java.util.Optional;

/** The time that Slurm grants this process. Any thread. */
public interface Allocation {
  /**
   * Time until this process is ended by force, as far as anybody has said; zero once it is over.
   * Empty where there is no limit or none is known. Never waits.
   */
  Optional<Duration> left();

  /** Where nobody sets a limit. */
  static Allocation unlimited() {
    return Optional::empty;
  }
}
