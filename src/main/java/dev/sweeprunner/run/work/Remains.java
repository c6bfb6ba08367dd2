package dev.sweeprunner.run.work;

import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.PublishedCheckpoint;

/**
 * What a run leaves behind where something of its last could not be written: what is on disk, and
 * what the next worker makes of it. Ends a sentence and adds another.
 */
final class Remains {
  private static final String ONCE_FREE =
      ", once this claim is seen to be dead (at once on this host) or has expired (claim.expiry)";

  private Remains() {}

  /**
   * The words.
   *
   * @param free whether the claim was given back, so that anybody may take the run now
   */
  static String of(Claim claim, boolean free) {
    PublishedCheckpoint kept = claim.summary().checkpoint();
    String there =
        kept == null
            ? "No checkpoint of it is on disk; the next worker begins anew"
            : "On disk is iteration " + kept.iter() + "; the next worker goes on there";
    return ". " + there + (free ? "" : ONCE_FREE) + ".";
  }
}
