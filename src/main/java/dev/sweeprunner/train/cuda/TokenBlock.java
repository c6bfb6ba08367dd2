package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Buffer.Tokens;

/**
 * Where the numbers of a batch begin, all in one piece of memory. Each kind has room for the most
 * tokens, so that addresses stay the same.
 *
 * @param draw what dropout goes by: its bits and the first token's number, 64 bits each
 * @param ids of the token table
 * @param targets of the head
 * @param compartments where there are any
 * @param idOrder tokens sorted by id
 * @param idStarts where each id's tokens begin in it
 * @param targetOrder the same by target, where the head's kernels want that
 * @param targetStarts the same by target
 * @param end of it all
 */
record TokenBlock(
    long draw,
    long ids,
    long targets,
    long compartments,
    long idOrder,
    long idStarts,
    long targetOrder,
    long targetStarts,
    long end) {
  /**
   * The places in memory that begins here.
   *
   * @param start an address, or 0 for distances in bytes
   */
  static TokenBlock at(long start, int tokens, Tokens.Ranges ranges, boolean targetsSorted) {
    long ids = start + 2 * Long.BYTES;
    long targets = ids + bytes(tokens);
    long compartments = targets + bytes(tokens);
    long idOrder = compartments + (ranges.compartments() > 0 ? bytes(tokens) : 0);
    long idStarts = idOrder + bytes(tokens);
    long targetOrder = idStarts + bytes(ranges.inputs() + 1);
    long targetStarts = targetOrder + (targetsSorted ? bytes(tokens) : 0);
    long end = targetStarts + (targetsSorted ? bytes(ranges.targets() + 1) : 0);
    return new TokenBlock(
        start, ids, targets, compartments, idOrder, idStarts, targetOrder, targetStarts, end);
  }

  /** The targets from this token on. */
  long targets(int token) {
    return targets + bytes(token);
  }

  private static long bytes(int numbers) {
    return (long) Integer.BYTES * numbers;
  }
}
