package dev.sweeprunner.wandb;

import dev.sweeprunner.wandb.api.Patience;

/**
 * What hangs on W&amp;B's answers for a worker, and so how long it waits for one and what it says
 * where there is none.
 *
 * @param down what is claimed meanwhile, as {@code --wandb-down} says it
 * @param divided whether other clusters share the sweep
 * @param adopt whether runs count that were finished under other ids
 */
public record Silence(String down, boolean divided, boolean adopt) {
  private static final String CLOSED = "closed";

  /** Whether it is W&amp;B that says what may be claimed. */
  private boolean decides() {
    return divided || down.equals(CLOSED);
  }

  /** How long an answer is worth waiting for before a claim. */
  Patience patience() {
    return decides() ? Patience.brief() : Patience.glance();
  }

  /** What is waited for, one or two sentences. */
  String waiting() {
    return "W&B has not answered yet; it is tried for about "
        + patience().total().toSeconds()
        + " s. "
        + (decides()
            ? "What may be claimed hangs on its answer. After that: " + meanwhile()
            : "Then the first run begins without it")
        + ".";
  }

  /** What follows while it is silent, one sentence without a full stop. */
  String meanwhile() {
    return claims() + (adopt ? "; runs that finished under other ids are not known yet" : "");
  }

  private String claims() {
    if (down.equals(CLOSED)) {
      return "nothing is claimed until it answers (--wandb-down closed); it is asked every 30 s";
    }
    if (!divided) {
      return "claims do not wait for it";
    }
    return down.equals("open")
        ? "runs of other clusters are claimed too (--wandb-down open), and may be done twice"
        : "only runs at home here, or begun here, are claimed until it answers (--wandb-down "
            + down
            + ")";
  }
}
