package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Tokens;

/**
 * How a batch's numbers lie in one piece of memory, in ints from its start. All have room for the
 * most tokens, so that addresses stay the same.
 *
 * @param ids of the token table
 * @param targets of the head
 * @param compartments where there are any
 * @param idOrder tokens sorted by id
 * @param idStarts where each id's tokens begin in it
 * @param targetOrder the same by target, where the head's kernels want that
 * @param targetStarts the same by target
 * @param end of it all
 */
record TokenLayout(
    int ids,
    int targets,
    int compartments,
    int idOrder,
    int idStarts,
    int targetOrder,
    int targetStarts,
    int end) {
  static TokenLayout of(int tokens, Tokens.Ranges ranges, boolean targetsSorted) {
    int targets = tokens;
    int compartments = targets + tokens;
    int idOrder = compartments + (ranges.compartments() > 0 ? tokens : 0);
    int idStarts = idOrder + tokens;
    int targetOrder = idStarts + ranges.inputs() + 1;
    int targetStarts = targetOrder + (targetsSorted ? tokens : 0);
    int end = targetStarts + (targetsSorted ? ranges.targets() + 1 : 0);
    return new TokenLayout(
        0, targets, compartments, idOrder, idStarts, targetOrder, targetStarts, end);
  }

  long bytes() {
    return (long) Integer.BYTES * end;
  }
}
