package dev.sweeprunner.run;

/**
 * What the earlier Python runner left of a run.
 *
 * @param kind what it is
 * @param detail the file that says so and what it says; empty for {@code NONE}
 * @param iter the iteration of its newest readable checkpoint, or -1
 */
public record EarlierTraces(Kind kind, String detail, long iter) {
  /** What was found; a finished run outranks a lock, a lock outranks all else. */
  public enum Kind {
    NONE,
    /** A checkpoint; whether it is the last cannot be said, since the run's goal is not known. */
    UNDECIDED,
    PARTIAL,
    /** A folder or file that may hold anything: unknown, never "nothing" and never "partial". */
    UNREADABLE,
    LOCKED,
    FINISHED
  }

  /** Nothing there. */
  public static final EarlierTraces NONE = new EarlierTraces(Kind.NONE, "", -1);
}
