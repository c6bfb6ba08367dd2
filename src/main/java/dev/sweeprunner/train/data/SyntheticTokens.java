package dev.sweeprunner.train.data;

import dev.sweeprunner.train.kernels.CounterRandom;
import java.util.function.LongToIntFunction;

/** Tokens that are drawn each by itself: token k is a function of the random stream and k. */
final class SyntheticTokens implements TokenSource {
  /** What entries that name no files begin with. */
  static final String PREFIX = "synthetic:";

  static final String UNIFORM = PREFIX + "uniform";
  static final String FREQUENCY = PREFIX + "frequency";

  /** Far more than a run reads: no token is read twice. */
  private static final long LENGTH = 1L << 62;

  private final CounterRandom random;
  private final long bound;
  private final LongToIntFunction token;

  private SyntheticTokens(CounterRandom random, long bound, LongToIntFunction token) {
    this.random = random;
    this.bound = bound;
    this.token = token;
  }

  /** Each token of the vocabulary as often as any other. */
  static SyntheticTokens uniform(CounterRandom random, int vocabulary) {
    return new SyntheticTokens(random, vocabulary, number -> (int) number);
  }

  /**
   * Each token with the share that it has of {@code counts}; one that was never counted never.
   *
   * @param counts of each token of the vocabulary; their sum is from 1 to 2^62
   */
  static SyntheticTokens frequency(CounterRandom random, long[] counts) {
    long[] ends = counts.clone();
    for (int token = 1; token < ends.length; token++) {
      ends[token] += ends[token - 1];
    }
    return new SyntheticTokens(random, ends[ends.length - 1], number -> firstBeyond(ends, number));
  }

  @Override
  public long length() {
    return LENGTH;
  }

  @Override
  public void read(long offset, int count, int[] into) {
    for (int i = 0; i < count; i++) {
      into[i] = token.applyAsInt(random.bounded(offset + i, 0, bound));
    }
  }

  /** The first of the ascending numbers that is beyond {@code number}. */
  private static int firstBeyond(long[] ends, long number) {
    int low = 0;
    int high = ends.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ends[middle] > number) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
