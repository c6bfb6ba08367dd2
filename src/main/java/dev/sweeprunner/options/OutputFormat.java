package dev.sweeprunner.options;

/** How {@code status}, {@code audit}, {@code plan}, {@code rows} and {@code results} print. */
public enum OutputFormat {
  /** For people. */
  TABLE,
  /** One array, one object per grid point. */
  JSON,
  /** One line per grid point under one line of names. */
  CSV,
  /** A Markdown table. */
  MD,
  /** One object per line. */
  JSONL
}
