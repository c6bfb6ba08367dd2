package dev.sweeprunner.cli;

import java.util.Locale;

/** How {@code status} prints. */
enum Format {
  /** For people. */
  TABLE,
  /** One array, one object per grid point. */
  JSON,
  /** One line per grid point under one line of names. */
  CSV;

  /** The format of this name, which {@link CommandLine} has checked. */
  static Format of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }
}
