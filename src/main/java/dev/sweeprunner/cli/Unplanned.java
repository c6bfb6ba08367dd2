package dev.sweeprunner.cli;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.judge.Facts;
import dev.sweeprunner.run.judge.PointStatus;
import java.util.Map;

/**
 * A run of which only the lock directory tells: its sweep was not given, so its config is known by
 * its hash alone. The judge is asked all the same: none of its rules that the lock directory can
 * answer looks further into the config.
 */
final class Unplanned {
  private static final int NO_INDEX = -1;

  private Unplanned() {}

  /** Where the run stands as far as its lock directory says. */
  static PointStatus pointStatus(RunKey key, LookPorts ports) {
    ClaimState claim = ports.claims().look(key);
    Point point = new Point(NO_INDEX, Map.of(), config(claim), key, null);
    Facts facts = ports.observer().factsWithoutSweep(point, claim);
    return new PointStatus(point, facts, ports.observer().verdict(facts), null);
  }

  /** A config of which only the hash is known; the run that the log is about has that very one. */
  private static RunConfig config(ClaimState claim) {
    String sha256 = claim instanceof ClaimState.Logged logged ? logged.end().configSha256() : "";
    return new RunConfig(
        new RunConfig.Job(null),
        new RunConfig.Data("", "", null, 0, null, null),
        new RunConfig.Model(
            0, 0, 0, 0, 0, false, false, null, null, false, false, null, null, null, false, false,
            false, null, false, 0),
        new RunConfig.Init(""),
        new RunConfig.Optimizer(0, 0, 0, 0, 0),
        new RunConfig.Lr(0),
        new RunConfig.Training(Long.MAX_VALUE, 0, 0, 0, 0, 0, false, 0, false),
        new RunConfig.Distributed(""),
        new RunConfig.SystemSection("", "", false),
        new RunConfig.Logging(false, "", "", null, null, "", "", false),
        new RunConfig.Experiment(
            0, "", 0, "", 0, null, false, false, false, false, false, false, false, "", 0, 0, "", 0,
            "", 0, 0),
        "",
        sha256);
  }
}
