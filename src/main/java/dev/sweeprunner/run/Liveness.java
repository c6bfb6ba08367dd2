package dev.sweeprunner.run;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of the life of a claim's owner.
 *
 * @param kind the judgement
 * @param how the evidence in words, for example {@code beat changed 4 s ago} or {@code pid 412 of
 *     this boot is gone}
 * @param silentByFileTime how long ago the beat's file time lies by this host's clock, for display
 *     only; null where unknown
 * @param watched how long this process has watched the beat stand still
 * @param iter the iteration in the newest beat, or -1
 * @param phase the phase in the newest beat, or empty
 */
public record Liveness(
    Kind kind,
    String how,
    @Nullable Duration silentByFileTime,
    Duration watched,
    long iter,
    String phase) {
  /** The phase of who trains while its checkpoints cannot be written; the reason follows it. */
  private static final String UNSAVED = "unsaved";

  /** The phase that says so in a beat. */
  public static String unsaved(String why) {
    return (UNSAVED + " " + why).strip();
  }

  /** Why its checkpoints cannot be written, as far as it says; or empty where they can. */
  public Optional<String> unsaved() {
    return phase.equals(UNSAVED) || phase.startsWith(UNSAVED + " ")
        ? Optional.of(phase.substring(UNSAVED.length()).strip())
        : Optional.empty();
  }

  /** Alive or not, as far as can be said. */
  public enum Kind {
    /** Seen to change, or proven to run. */
    LIVE,
    /** Neither proven dead nor watched for the expiry time. */
    SILENT,
    /**
     * Watched for the whole expiry time without a change, by this process or one that wrote it
     * down.
     */
    EXPIRED,
    /** Proven: its process or boot is gone, or Slurm says so. */
    PROVEN_DEAD
  }

  /** The same, with a proof of death from elsewhere. */
  public Liveness provenDead(String proof) {
    return new Liveness(Kind.PROVEN_DEAD, proof, silentByFileTime, watched, iter, phase);
  }

  /** Whether another worker may take the run. */
  public boolean dead() {
    return kind == Kind.EXPIRED || kind == Kind.PROVEN_DEAD;
  }
}
