package dev.sweeprunner.options;

/** How {@code status} prints. */
public enum OutputFormat {
  /** For people. */
  TABLE,
  /** One array, one object per grid point. */
  JSON,
  /** One line per grid point under one line of names. */
  CSV
}
