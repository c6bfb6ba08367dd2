package dev.sweeprunner.train.data;

/** A sequence of base tokens without end, read at any place. Belongs to one thread. */
interface TokenSource {
  /** Tokens before it begins again. */
  long length();

  /** Copies {@code count} tokens from {@code offset} on; offset in [0, length). */
  void read(long offset, int count, int[] into);

  /** Where row {@code row} of {@code stride} tokens begins; in [0, length). */
  default long offset(long row, int stride) {
    return row % length() * stride % length();
  }
}
