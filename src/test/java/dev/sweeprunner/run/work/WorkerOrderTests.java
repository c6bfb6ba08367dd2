package dev.sweeprunner.run.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerOrderTests {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void every_index_comes_exactly_once(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 200; round++) {
      int size = 1 + random.nextInt(3000);
      WorkerOrder order = new WorkerOrder(size, "worker-" + random.nextLong());

      BitSet seen = new BitSet(size);
      IntStream.range(0, size).map(order::at).forEach(seen::set);

      assertThat(seen.cardinality()).as("seed %d, size %d", seed, size).isEqualTo(size);
    }
  }

  @Test
  void the_same_name_gives_the_same_order() {
    WorkerOrder one = new WorkerOrder(1000, "north_3");
    WorkerOrder again = new WorkerOrder(1000, "north_3");

    assertThat(IntStream.range(0, 1000).map(one::at).toArray())
        .isEqualTo(IntStream.range(0, 1000).map(again::at).toArray());
  }

  @Test
  void workers_of_an_array_start_at_different_places() {
    long starts =
        IntStream.range(0, 64).map(k -> new WorkerOrder(10_000, "a_" + k).at(0)).distinct().count();

    assertThat(starts).isGreaterThan(60);
  }

  @Test
  void a_million_points_do_not_overflow() {
    WorkerOrder order = new WorkerOrder(1_000_003, "w");

    assertThat(IntStream.range(0, 1_000_003).map(order::at).allMatch(i -> i >= 0 && i < 1_000_003))
        .isTrue();
  }
}
