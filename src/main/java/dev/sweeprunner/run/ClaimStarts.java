package dev.sweeprunner.run;

import dev.sweeprunner.config.RunKey;
import java.time.Instant;
import java.util.List;

/** How the claims of a run began, as its folder keeps it after the log has been shortened. */
public interface ClaimStarts {
  /** All that can be read, the oldest first. Never throws. */
  List<Start> of(RunKey key);

  /**
   * The start of one claim.
   *
   * @param epoch the claim
   * @param base the iteration that it went on from
   * @param written when, by the clock of who began
   */
  record Start(int epoch, long base, Owner owner, Instant written) {}
}
