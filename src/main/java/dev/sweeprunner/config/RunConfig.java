package dev.sweeprunner.config;

import org.jspecify.annotations.Nullable;

/**
 * What one run is made from: its identity, and the little that everybody may know of it whoever
 * trains it. Immutable.
 */
public sealed interface RunConfig permits BuiltinConfig, ProgramConfig {
  /** The identity: canonical JSON of the config as given (ASCII). */
  String canonicalJson();

  /** Lower-case hex SHA-256 of {@link #canonicalJson}. */
  String sha256();

  /** Updates until its end, or 0 where only the program that trains it knows. */
  long maxIters();

  /** After how many updates it is evaluated, and a checkpoint stays for good; 0 for never. */
  long evalInterval();

  /** After how many updates a row goes to W&amp;B. */
  long logInterval();

  /** How much one update does: tokens, or 1 where updates are all that can be counted. */
  long workPerIteration();

  /** What W&amp;B hears of it. */
  Logging logging();

  /** What {@link #workPerIteration} counts. */
  String workUnit();

  /**
   * {@code [logging]}.
   *
   * @param wandbLog whether W&amp;B hears of the run at all
   * @param wandbGroup its group, or null for the sweep's name
   */
  record Logging(
      boolean wandbLog,
      String wandbProject,
      String wandbRunName,
      @Nullable String wandbGroup,
      @Nullable String wandbNotes,
      String logFolder,
      String checkpointFolder,
      boolean wandbBuffer) {}
}
