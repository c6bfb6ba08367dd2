package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.wandb.api.RunPath;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;

/**
 * The files and artifacts that a run's program gave to the relay, on their way to W&amp;B. Belongs
 * to one thread; may be cut off anywhere and repeated by another process.
 */
interface ProgramFilesShipping {
  /** A run without any. */
  ProgramFilesShipping NONE =
      new ProgramFilesShipping() {
        @Override
        public boolean wanted() {
          return false;
        }

        @Override
        public void step(WandbClient client, RunPath to) {}
      };

  /** Whether something is there that W&amp;B lacks, and trying to send it is of any use. */
  boolean wanted();

  /** Sends one thing. */
  void step(WandbClient client, RunPath to) throws WandbFailure;
}
