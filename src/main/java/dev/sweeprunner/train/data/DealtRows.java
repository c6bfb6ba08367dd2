package dev.sweeprunner.train.data;

import dev.sweeprunner.train.data.KindMix.Allocation;
import java.util.function.LongFunction;

/**
 * The kinds of rows that have exactly a mix over all of them, in seeded order. What came before a
 * row is counted, not walked through: in time that does not depend on the row. Immutable.
 */
final class DealtRows implements LongFunction<RowKind> {
  private final Allocation allocation;
  private final AffinePermutation order;

  DealtRows(Allocation allocation, AffinePermutation order) {
    this.allocation = allocation;
    this.order = order;
  }

  /** The kind of row {@code row}, which is one of those that were dealt. */
  @Override
  public RowKind apply(long row) {
    return allocation.kind(order.apply(row));
  }

  /**
   * How many of the rows before {@code row} take tokens of each compartment: plain rows of it, and
   * translations from and to it.
   *
   * @param row from 0 to as many as were dealt
   */
  long[] readers(long row, int compartments) {
    long[] readers = new long[compartments];
    allocation.forEach(
        (kind, from, to) -> {
          long rows = order.below(row, to) - order.below(row, from);
          readers[kind.src()] += rows;
          if (kind.translation()) {
            readers[kind.dst()] += rows;
          }
        });
    return readers;
  }
}
