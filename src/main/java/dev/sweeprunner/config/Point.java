package dev.sweeprunner.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One element of a sweep's grid: its overrides, the config they give, and the run it names.
 *
 * @param index position in the grid, from 0
 * @param overrides dotted key to value (String, Long or BigInteger, Double, Boolean, List or null),
 *     in the sweep file's key order
 * @param config the whole config; present for invalid points too
 * @param key the run's names
 * @param invalid why this point can never run (a rule of the config pipeline or a collision), or
 *     null
 */
public record Point(
    int index,
    Map<String, @Nullable Object> overrides,
    RunConfig config,
    RunKey key,
    @Nullable String invalid) {
  /** The same point, whose run lies on disk by this key. */
  public Point at(RunKey home) {
    return new Point(index, overrides, config, home, invalid);
  }

  /** The run id, eight lower-case hex characters. */
  public String runId() {
    return key.runId();
  }
}
