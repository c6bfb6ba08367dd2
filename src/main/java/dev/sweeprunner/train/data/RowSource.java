package dev.sweeprunner.train.data;

import java.util.function.LongFunction;

/** Fills batches with rows of one origin. Belongs to one thread. */
final class RowSource {
  private final LongFunction<RowKind> kinds;
  private final RowTokens tokens;
  private final RowBuilder builder;
  private final int[] scratch;

  RowSource(LongFunction<RowKind> kinds, RowTokens tokens, Vocabulary vocabulary, int length) {
    this.kinds = kinds;
    this.tokens = tokens;
    this.builder = new RowBuilder(vocabulary, length);
    this.scratch = new int[length];
  }

  /** Fills the batch with the rows from {@code first} on. */
  void fill(long iter, long first, Batch batch) {
    for (int i = 0; i < batch.rows(); i++) {
      RowKind kind = kinds.apply(first + i);
      tokens.read(iter, first + i, RowBuilder.tokens(kind, batch.length()), scratch);
      builder.build(kind, scratch, batch, i);
    }
  }
}
