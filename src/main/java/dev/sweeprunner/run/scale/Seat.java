package dev.sweeprunner.run.scale;

/** The right to scale in a storage root: one scaler has it at a time. */
public interface Seat {
  /**
   * Whether this scaler has it still. Asked right before whatever changes something: who has lost
   * it submits, cancels and remembers nothing.
   */
  boolean held();
}
