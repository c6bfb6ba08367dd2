package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.wandb.api.RunPath;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;

/**
 * What a run's program gave to the relay besides lines, on its way to W&amp;B: its files and
 * artifacts, or its alerts. Belongs to one thread; may be cut off anywhere and repeated by another
 * process.
 */
interface ProgramFilesShipping {
  /**
   * Whether something is there that W&amp;B lacks, and trying to send it is of any use.
   *
   * @param ending whether nothing will follow: the disk is looked at now, however new the last look
   */
  boolean wanted(boolean ending);

  /**
   * Sends one thing. What W&amp;B refuses for good is said to the user, and not wanted any more by
   * this process.
   *
   * @throws WandbFailure if W&amp;B does not answer now, or does not know the run
   */
  void step(WandbClient client, RunPath to) throws WandbFailure;

  /** W&amp;B does not know the run: whatever it had is to be sent again. */
  void forget();
}
