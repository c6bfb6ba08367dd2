package dev.sweeprunner.sweep;

import java.util.OptionalInt;

/**
 * What the command line says about the points of a program's sweep.
 *
 * @param runs how many points there are at most, above 0; stands above the file's {@code run_cap}
 * @param numbers whether words such as {@code 1e-4}, strings for PyYAML, are read as numbers
 */
public record SpaceOptions(OptionalInt runs, boolean numbers) {
  /** The file alone. */
  public static final SpaceOptions NONE = new SpaceOptions(OptionalInt.empty(), false);

  /** Checks the number. */
  public SpaceOptions {
    if (runs.isPresent() && runs.getAsInt() < 1) {
      throw new IllegalArgumentException("runs is " + runs.getAsInt());
    }
  }
}
