package dev.sweeprunner.run;

/** A run's whole state at an iteration boundary; opaque to the core. */
public interface Snapshot {
  /** Completed updates. */
  long iter();
}
