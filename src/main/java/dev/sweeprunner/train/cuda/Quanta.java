package dev.sweeprunner.train.cuda;

/**
 * How a call's tokens are cut into quanta: every sum over tokens is one partial sum per quantum,
 * added in their order. Slices consist of whole quanta, but for an iteration's last, so the bits
 * depend neither on the slices nor on the GPU.
 *
 * @param tokens of the call
 * @param quantum tokens of a quantum; the last may have fewer
 */
record Quanta(int tokens, int quantum) {
  private static final int TOKENS = 8192;

  /** Rows in a quantum of sequences of this length. */
  static int rows(int length) {
    return Math.max(1, TOKENS / length);
  }

  static Quanta of(int rows, int length) {
    return new Quanta(Math.multiplyExact(rows, length), rows(length) * length);
  }

  /** How many quanta there are. */
  int count() {
    return (tokens + quantum - 1) / quantum;
  }

  /** The first token of a quantum. */
  int start(int number) {
    return number * quantum;
  }

  /** Some of the quanta by themselves: at most {@code most}, from this one on. */
  Quanta part(int first, int most) {
    long end = Math.min(tokens, start(first) + (long) most * quantum);
    return new Quanta((int) (end - start(first)), quantum);
  }

  /** Each quantum cut into pieces of this many tokens; the last of each may be shorter. */
  Pieces pieces(int piece) {
    int perQuantum = (quantum + piece - 1) / piece;
    return new Pieces(piece, perQuantum, Math.multiplyExact(count(), perQuantum));
  }

  /**
   * Pieces of quanta.
   *
   * @param tokens of one
   * @param perQuantum how many a quantum has
   * @param count how many there are in all, empty ones in a short last quantum included
   */
  record Pieces(int tokens, int perQuantum, int count) {}
}
