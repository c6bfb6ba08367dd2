package dev.sweeprunner.train.data;

import dev.sweeprunner.train.kernels.CounterRandom;

/** Where a row's base tokens come from; a function of the iteration and the row's index. */
interface RowTokens {
  /** Writes the first {@code count} tokens of the row. */
  void read(long iter, long row, int count, int[] into);

  /** Row r owns the {@code stride} tokens from {@code r·stride} on, around the end. */
  static RowTokens inOrder(TokenSource stream, int stride) {
    return (iter, row, count, into) -> stream.read(stream.offset(row, stride), count, into);
  }

  /** Each row of each iteration starts anywhere in the stream. */
  static RowTokens anywhere(TokenSource stream, CounterRandom random) {
    return (iter, row, count, into) ->
        stream.read(random.bounded(iter, row, stream.length()), count, into);
  }

  /** Uniform over the vocabulary. */
  static RowTokens uniform(int vocabulary, CounterRandom random) {
    return (iter, row, count, into) -> {
      for (int i = 0; i < count; i++) {
        into[i] = random.bounded(row, i, vocabulary);
      }
    };
  }
}
