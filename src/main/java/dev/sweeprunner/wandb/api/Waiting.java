package dev.sweeprunner.wandb.api;

import java.time.Duration;

/** Lets time pass between two tries. */
@FunctionalInterface
public interface Waiting {
  /** Returns after {@code time}, or throws at once when the thread is interrupted. */
  void waitFor(Duration time) throws InterruptedException;
}
