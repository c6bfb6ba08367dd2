package dev.sweeprunner.train.data;

import dev.sweeprunner.train.kernels.CounterRandom;

/** What kind each row is; a function of the row's index. */
interface KindSource {
  /** The kind of row {@code row}. */
  RowKind kind(long row);

  /** Exactly the mix over {@code rows} rows, in seeded order. */
  static KindSource dealt(KindMix mix, long rows, CounterRandom random) {
    Allocation allocation = mix.allocate(rows);
    AffinePermutation order = AffinePermutation.of(random, rows);
    return row -> allocation.kind(order.apply(row));
  }

  /** Each row drawn by itself: 53 random bits choose among 2^53 rows dealt by the mix. */
  static KindSource drawn(KindMix mix, CounterRandom random) {
    Allocation allocation = mix.allocate(1L << 53);
    return row -> allocation.kind(random.bits(row, 0) >>> 11);
  }
}
