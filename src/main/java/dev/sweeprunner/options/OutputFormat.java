package dev.sweeprunner.options;

/** How {@code status}, {@code audit}, {@code plan} and {@code rows} print. */
public enum OutputFormat {
  /** For people. */
  TABLE,
  /** One array, one object per grid point. */
  JSON,
  /** One line per grid point under one line of names. */
  CSV,
  /** One object per line. */
  JSONL
}
