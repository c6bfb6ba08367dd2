package dev.sweeprunner.run;

import java.util.Locale;

/**
 * One thing under a storage root that is not as it must be.
 *
 * @param kind what sort of thing
 * @param runId of the run, or empty where it is no single run's
 * @param path where, from the storage root: {@code out/...}
 * @param fact one sentence without its full stop
 * @param wayOut one sentence without its full stop
 */
public record Finding(Kind kind, String runId, String path, String fact, String wayOut) {
  /** The sorts of findings. Their words are an API: they are only added to. */
  public enum Kind {
    /** A record names it, and it is not there. */
    MISSING,
    /** Its bytes are not those that were written. */
    DAMAGED,
    /** What must be there once is there twice. */
    DOUBLED,
    /** One half of two that belong together. */
    ORPHANED,
    /** The records of a claim log do not follow from one another. */
    BROKEN_CHAIN,
    /** Two files of a run stand for two configs. */
    MIXED_CONFIG,
    /** Steps of a journal are not there once each, in order. */
    STEPS,
    /** It cannot be read, or it is not what the format says. */
    UNREADABLE,
    /** Nobody needs it, and nobody will remove it. */
    LEFTOVER,
    /** Another program's. */
    FOREIGN,
    /** A run of no point of the sweeps. */
    NOT_IN_SWEEP;

    /** As programs read it: {@code broken-chain}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** As people read it: the same, but that nobody knows what is foreign to whom. */
    public String shown() {
      return this == FOREIGN ? "not-ours" : word();
    }
  }
}
