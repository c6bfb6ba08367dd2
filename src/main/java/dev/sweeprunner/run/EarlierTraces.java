package dev.sweeprunner.run;

/**
 * What the earlier Python runner left of a run.
 *
 * @param kind nothing, a lock, an unfinished checkpoint, or a finished run
 * @param detail the file that says so and what it says; empty for {@code NONE}
 * @param iter the iteration of its newest readable checkpoint, or -1
 */
public record EarlierTraces(Kind kind, String detail, long iter) {
  /** What was found; a finished run outranks a lock, a lock outranks a partial checkpoint. */
  public enum Kind {
    NONE,
    PARTIAL,
    LOCKED,
    FINISHED
  }

  /** Nothing there. */
  public static final EarlierTraces NONE = new EarlierTraces(Kind.NONE, "", -1);
}
