package dev.sweeprunner.train.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CountingSortTests {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 64, 5000})
  void it_gives_what_a_plain_stable_sort_gives(int range) {
    long seed = 64 + range;
    var random = new Random(seed);
    var sort = new CountingSort(range, 1000);
    for (int round = 0; round < 20; round++) {
      int count = random.nextInt(1001);
      int[] ids = random.ints(count, -1, range).toArray();

      sort.sort(ids, count);

      int[] expected =
          IntStream.range(0, count)
              .filter(i -> ids[i] >= 0)
              .boxed()
              .sorted(Comparator.comparingInt(i -> ids[i]))
              .mapToInt(i -> i)
              .toArray();
      assertThat(Arrays.copyOf(sort.order(), expected.length))
          .as("seed %d, round %d", seed, round)
          .isEqualTo(expected);
      for (int id = 0; id < range; id++) {
        for (int at = sort.starts()[id]; at < sort.starts()[id + 1]; at++) {
          assertThat(ids[sort.order()[at]]).as("seed %d, round %d", seed, round).isEqualTo(id);
        }
      }
      assertThat(sort.starts()[0]).isZero();
      assertThat(sort.starts()[range]).isEqualTo(expected.length);
    }
  }

  @Test
  void only_the_first_tokens_count() {
    var sort = new CountingSort(3, 4);

    sort.sort(new int[] {2, 0, 1, 1, 7}, 3);

    assertThat(sort.starts()).containsExactly(0, 1, 2, 3);
    assertThat(Arrays.copyOf(sort.order(), 3)).containsExactly(1, 2, 0);
  }
}
