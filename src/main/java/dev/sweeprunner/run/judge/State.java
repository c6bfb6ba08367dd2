package dev.sweeprunner.run.judge;

import java.util.Locale;

/** The word that {@code status} shows for a point. */
public enum State {
  /** All its updates are done, here or by the earlier runner in this storage root. */
  FINISHED,
  /** Another cluster has finished it or is working on it. */
  ELSEWHERE,
  /** Its config breaks a rule, or this trainer cannot train it. */
  INVALID,
  /** Given up after too many failures; {@code reset} frees it. */
  POISONED,
  /** Stopped by the user; {@code reset} frees it. */
  HELD,
  /** Another program has worked on it. */
  FOREIGN,
  /** Nobody ever worked on it. */
  UNCLAIMED,
  /** Claimed, no iteration yet. */
  CLAIMED,
  /** A worker trains it. */
  TRAINING,
  /** Slurm has suspended its worker's job. */
  SUSPENDED,
  /** Given back in order. */
  PREEMPTED,
  /** Its owner is dead. */
  STALE,
  /** Its last attempt failed; it backs off or may be tried again. */
  FAILED,
  /** Facts are missing, so nothing is decided. */
  WAITING;

  /** The word that programs read, in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The word that people read: the same, but that nobody knows what is foreign to whom. */
  public String shown() {
    return this == FOREIGN ? "not-ours" : word();
  }
}
