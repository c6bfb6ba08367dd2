package dev.sweeprunner.relay.rows;

/** How the programs of these tests number their rows. */
enum Numbering {
  /** {@code log(..., step=i)}. */
  EXPLICIT,
  /** {@code define_metric("*", step_metric="x")}, {@code log(..., x=i)}. */
  AXIS,
  /** {@code log(...)}. */
  COUNTED
}
