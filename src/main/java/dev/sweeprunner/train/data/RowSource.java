package dev.sweeprunner.train.data;

import java.util.function.LongFunction;

/** Fills batches with rows of one origin. Belongs to one thread. */
final class RowSource {
  private final LongFunction<RowKind> kinds;
  private final Spans spans;
  private final RowBuilder builder;
  private final int[] source;
  private final int[] destination;

  RowSource(LongFunction<RowKind> kinds, Spans spans, RowBuilder builder) {
    this.kinds = kinds;
    this.spans = spans;
    this.builder = builder;
    this.source = new int[builder.length()];
    this.destination = new int[builder.length()];
  }

  /** Fills the batch with the rows from {@code first} on. */
  void fill(long iter, long first, Batch batch) {
    spans.seek(first);
    for (int i = 0; i < batch.rows(); i++) {
      RowKind kind = kinds.apply(first + i);
      spans.read(iter, kind, builder.tokens(kind), source, destination);
      builder.build(kind, source, destination, batch, i);
    }
  }
}
