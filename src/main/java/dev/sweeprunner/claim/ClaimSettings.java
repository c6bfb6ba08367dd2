package dev.sweeprunner.claim;

import dev.sweeprunner.problem.UserError;
import java.time.Duration;

/**
 * How long things take in the claim protocol. None of them is needed for safety: too short an
 * expiry costs repeated work, never a wrong result.
 *
 * @param expiry how long a beat must be watched standing still before its claim may be taken;
 *     default 10 min
 * @param beat interval of an owner's beats, each jittered by a fifth; default 30 s
 * @param poll the longest usual gap between two looks at one run; a longer gap counts as two polls
 *     at most, since an observer that slept has watched nothing; default: the beat
 * @param hang an owner whose work reports no progress for this long stops beating, so that a hung
 *     trainer loses its claim; default 30 min
 * @param mends whether looking may write missing hints and remove litter; off for commands that
 *     promise to change nothing
 */
public record ClaimSettings(
    Duration expiry, Duration beat, Duration poll, Duration hang, boolean mends) {
  /** Refuses times under which living owners would be taken for dead. */
  public ClaimSettings {
    if (beat.isNegative() || beat.isZero()) {
      throw new UserError(
          "claim.beat", "must be longer than 0, was " + beat, "Set a time such as 30s");
    }
    if (expiry.compareTo(beat.multipliedBy(3)) < 0) {
      throw new UserError(
          "claim.expiry",
          "is " + expiry + ", less than three beats of " + beat,
          "Raise claim.expiry or lower claim.beat");
    }
    if (poll.isNegative() || poll.isZero() || hang.isNegative() || hang.isZero()) {
      throw new UserError(
          "claim", "poll and hang must be longer than 0", "Leave them out for their defaults");
    }
  }

  /** 10 min, 30 s, 30 s, 30 min, mending. */
  public static final ClaimSettings DEFAULT = of(Duration.ofMinutes(10), Duration.ofSeconds(30));

  /** The defaults with another expiry and beat. */
  public static ClaimSettings of(Duration expiry, Duration beat) {
    return new ClaimSettings(expiry, beat, beat, Duration.ofMinutes(30), true);
  }

  /** The same for a process that only looks. */
  public ClaimSettings observing() {
    return new ClaimSettings(expiry, beat, poll, hang, false);
  }
}
