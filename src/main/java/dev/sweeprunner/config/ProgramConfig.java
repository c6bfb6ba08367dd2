package dev.sweeprunner.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The config of a run that the user's own program trains: the parameters of its point, and nothing
 * else. How it is run (program, command, environment) is no part of it.
 *
 * @param parameters name to value as the program gets them, in W&amp;B's order; a nested parameter
 *     is a map
 * @param canonicalJson the identity: canonical JSON of the parameters (ASCII)
 * @param sha256 lower-case hex SHA-256 of {@code canonicalJson}
 */
public record ProgramConfig(
    Map<String, @Nullable Object> parameters, String canonicalJson, String sha256)
    implements RunConfig {
  static final String WORK_UNIT = "steps";

  /** The program tells W&amp;B itself what it wants to tell. */
  private static final Logging SILENT = new Logging(false, "", "", null, null, "", "", false);

  @Override
  public long maxIters() {
    return 0;
  }

  @Override
  public long evalInterval() {
    return 0;
  }

  @Override
  public long logInterval() {
    return 0;
  }

  @Override
  public long workPerIteration() {
    return 1;
  }

  @Override
  public String workUnit() {
    return WORK_UNIT;
  }

  @Override
  public Logging logging() {
    return SILENT;
  }
}
