package dev.sweeprunner.relay.rows;

/**
 * Numbers of a client's lines, so that what is sent again after a timeout is taken once. Guarded by
 * its book.
 */
final class Offsets {
  private final Rules rules;
  private final long first;
  private long shift;
  private long next;

  /** The first line has this number, as far as the client believes what it was told. */
  Offsets(Rules rules, long first) {
    this.rules = rules;
    this.first = first;
    this.next = first;
  }

  /** How many lines from {@code offset} on were taken already. */
  int taken(long offset) {
    if (offset < first && shift == 0) {
      shift = first - offset; // it was told, and counts from elsewhere
    }
    return (int) Math.min(Integer.MAX_VALUE, rules.takenAlready(offset + shift, next));
  }

  /** A line was taken; of this number, if none before it is missing. */
  void take(long number) {
    next = Math.max(next, number + shift + 1);
  }

  /** The number of the next line. */
  long next() {
    return next;
  }
}
