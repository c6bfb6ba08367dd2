package dev.sweeprunner.wandb.check;

import dev.sweeprunner.run.ServerCheck.Verdict;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.check.Scratch.Halted;

/**
 * Something that the server is relied on to do.
 *
 * @param relied one clause
 * @param look sees whether it does
 */
record Behaviour(String relied, Look look) {
  /** Asks the server. */
  @FunctionalInterface
  interface Look {
    Seen look() throws WandbFailure, Halted;
  }

  /**
   * What a look gave.
   *
   * @param what one clause
   * @param verdict whether it is what is relied on
   */
  record Seen(String what, Verdict verdict) {
    static Seen of(boolean right, String what) {
      return new Seen(what, right ? Verdict.OK : Verdict.DIFFERENT);
    }

    static Seen not(String why) {
      return new Seen(why, Verdict.UNSEEN);
    }
  }
}
