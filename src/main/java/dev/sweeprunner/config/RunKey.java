package dev.sweeprunner.config;

import org.jspecify.annotations.Nullable;

/**
 * The names of one run on disk and on W&amp;B.
 *
 * @param project slug of the sweep's project
 * @param group slug of the sweep's name
 * @param runId eight lower-case hex characters
 * @param seed as printed in the folder name, or null where the config has none
 */
public record RunKey(String project, String group, String runId, @Nullable Long seed) {
  /** The names of a run with a seed. */
  public RunKey(String project, String group, String runId, long seed) {
    this(project, group, runId, Long.valueOf(seed));
  }

  /** The same run in another group of its project. */
  public RunKey in(String other) {
    return new RunKey(project, other, runId, seed);
  }

  /** By hand: linking the one that a record gets takes a short command 15 ms. */
  @Override
  public int hashCode() {
    return runId.hashCode();
  }

  /** The run's folder relative to {@code out/}: {@code project/group/runId_sSeed}. */
  public String folder() {
    return project + "/" + group + "/" + runId + (seed == null ? "" : "_s" + seed);
  }
}
