package dev.sweeprunner.run;

import dev.sweeprunner.config.RunConfig;

/**
 * What a run is to become: of its config, all that decides when it is whole. Where no config is
 * known there is none, and nothing may be said that does not hold for every goal.
 *
 * @param maxIters how many updates it makes
 * @param logInterval after how many of them a row goes to W&amp;B
 * @param configSha256 of the canonical config
 */
public record Goal(long maxIters, long logInterval, String configSha256) {
  /** The goal of a run of this config. */
  public static Goal of(RunConfig config) {
    return new Goal(config.maxIters(), config.logInterval(), config.sha256());
  }

  /**
   * Whether a summary at W&amp;B that ends here is one of all updates: its last row may lack. Of a
   * program nobody knows how many there are, and its summary need not count them.
   */
  public boolean reached(long iter) {
    return maxIters == 0 || iter >= maxIters - logInterval;
  }
}
