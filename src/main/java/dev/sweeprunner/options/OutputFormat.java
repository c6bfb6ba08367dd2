package dev.sweeprunner.options;

import java.util.Locale;

/** How {@code status} prints. */
public enum OutputFormat {
  /** For people. */
  TABLE,
  /** One array, one object per grid point. */
  JSON,
  /** One line per grid point under one line of names. */
  CSV;

  /** The format of this name, which {@link CommandLine} has checked. */
  static OutputFormat of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }
}
