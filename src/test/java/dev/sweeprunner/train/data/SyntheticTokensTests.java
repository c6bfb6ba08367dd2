package dev.sweeprunner.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.train.kernels.CounterRandom;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SyntheticTokensTests {
  private static final CounterRandom RANDOM = CounterRandom.of(64, "tokens");

  @Test
  void frequencies_are_those_that_were_counted() {
    long[] counts = {0, 300, 0, 100, 599, 1, 0};
    int[] drawn = counted(SyntheticTokens.frequency(RANDOM, counts), 7, 100_000);

    for (int token = 0; token < 7; token++) {
      double expected = 100.0 * counts[token];
      double deviation = Math.sqrt(expected * (1 - counts[token] / 1000.0));
      assertThat((double) drawn[token])
          .as("token " + token)
          .isBetween(expected - 4 * deviation, expected + 4 * deviation);
    }
  }

  @Test
  void uniform_tokens_are_alike() {
    int[] drawn = counted(SyntheticTokens.uniform(RANDOM, 5), 5, 100_000);

    Arrays.stream(drawn).forEach(count -> assertThat(count).isBetween(19_500, 20_500));
  }

  @Test
  void one_frequency_that_takes_all_gives_one_token() {
    int[] drawn = counted(SyntheticTokens.frequency(RANDOM, new long[] {0, 0, 9}), 3, 100);

    assertThat(drawn).containsExactly(0, 0, 100);
  }

  @Test
  void a_token_is_the_same_wherever_a_span_begins() {
    SyntheticTokens tokens = SyntheticTokens.frequency(RANDOM, new long[] {5, 3, 9, 1});
    int[] whole = new int[40];
    int[] part = new int[11];

    tokens.read(1L << 40, 40, whole);
    tokens.read((1L << 40) + 17, 11, part);

    assertThat(part).containsExactly(Arrays.copyOfRange(whole, 17, 28));
  }

  @Test
  void the_draw_is_the_smallest_token_whose_share_reaches_beyond_it() {
    long[] counts = {2, 0, 3, 1};
    int[] shares = {0, 0, 2, 2, 2, 3};
    int[] read = new int[1000];
    SyntheticTokens.frequency(RANDOM, counts).read(77, 1000, read);

    assertThat(read)
        .containsExactly(
            IntStream.range(0, 1000).map(i -> shares[RANDOM.bounded(77 + i, 0, 6)]).toArray());
  }

  private static int[] counted(SyntheticTokens tokens, int vocabulary, int count) {
    int[] read = new int[count];
    tokens.read(123, count, read);
    int[] counts = new int[vocabulary];
    Arrays.stream(read).forEach(token -> counts[token]++);
    return counts;
  }
}
