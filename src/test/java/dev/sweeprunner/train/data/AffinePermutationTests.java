package dev.sweeprunner.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.train.kernels.CounterRandom;
import java.math.BigInteger;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class AffinePermutationTests {
  @Test
  void every_place_is_reached_once() {
    for (int n = 1; n <= 3000; n++) {
      AffinePermutation permutation = permutation(n, n);
      BitSet reached = new BitSet(n);

      for (int i = 0; i < n; i++) {
        reached.set(Math.toIntExact(permutation.apply(i)));
      }

      assertThat(reached.cardinality()).as("size " + n).isEqualTo(n);
      assertThat(reached.length()).as("size " + n).isEqualTo(n);
    }
  }

  @Test
  void large_sizes_agree_with_arithmetic_without_bounds() {
    long[] sizes = {2_048_000_000L, (1L << 31) + 1, 1L << 40, AffinePermutation.MAX_SIZE};
    CounterRandom random = CounterRandom.of(5, "places");
    for (long n : sizes) {
      AffinePermutation permutation = permutation(9, n);
      BigInteger b = BigInteger.valueOf(permutation.apply(0));
      BigInteger a = BigInteger.valueOf(permutation.apply(1)).subtract(b);
      for (int k = 0; k < 2000; k++) {
        long i = k < 3 ? n - 1 - k : random.bounded(k, 0, n);

        BigInteger expected = a.multiply(BigInteger.valueOf(i)).add(b).mod(BigInteger.valueOf(n));

        assertThat(permutation.apply(i))
            .as("place of %d of %d", i, n)
            .isEqualTo(expected.longValueExact());
      }
      assertThat(a.gcd(BigInteger.valueOf(n))).isEqualTo(BigInteger.ONE);
    }
  }

  @Test
  void what_goes_below_a_bound_is_counted_without_walking() {
    for (int n = 1; n <= 90; n++) {
      AffinePermutation permutation = permutation(n, n);
      for (int bound = 0; bound <= n; bound++) {
        long walked = 0;
        for (int count = 0; count <= n; count++) {
          assertThat(permutation.below(count, bound))
              .as("first %d of %d below %d", count, n, bound)
              .isEqualTo(walked);
          walked += count < n && permutation.apply(count) < bound ? 1 : 0;
        }
      }
    }
  }

  @Test
  void large_counts_agree_with_sums_without_bounds() {
    long[] sizes = {2_048_000_000L, (1L << 40) + 3, AffinePermutation.MAX_SIZE};
    CounterRandom random = CounterRandom.of(6, "counts");
    for (long n : sizes) {
      AffinePermutation permutation = permutation(11, n);
      BigInteger b = BigInteger.valueOf(permutation.apply(0));
      BigInteger a = BigInteger.valueOf(permutation.apply(1)).subtract(b).mod(big(n));
      for (int k = 0; k < 300; k++) {
        long count = random.bounded(k, 0, n + 1);
        long bound = random.bounded(k, 1, n + 1);

        BigInteger expected =
            quotients(big(count), big(n), a, b)
                .subtract(quotients(big(count), big(n), a, b.add(big(n - bound))))
                .add(big(count));

        assertThat(permutation.below(count, bound))
            .as("first %d of %d below %d", count, n, bound)
            .isEqualTo(expected.longValueExact());
      }
      assertThat(permutation.below(n, n / 3)).isEqualTo(n / 3);
    }
  }

  @Test
  void every_batch_comes_close_to_the_mix() {
    for (int seed = 0; seed < 20; seed++) {
      AffinePermutation permutation = permutation(seed, 1_000_000L * 2048);
      for (int batch = 0; batch < 50; batch++) {
        int early = 0;
        for (int row = 0; row < 2048; row++) {
          early += permutation.apply(batch * 2048L + row) < 204_800_000L ? 1 : 0;
        }

        assertThat(early).as("rows of a tenth, seed " + seed).isBetween(180, 230);
      }
    }
  }

  @Test
  void seeds_give_other_orders() {
    assertThat(permutation(1, 2_048_000).apply(0)).isNotEqualTo(permutation(2, 2_048_000).apply(0));
    assertThat(permutation(1, 2_048_000).apply(1) - permutation(1, 2_048_000).apply(0))
        .isNotEqualTo(permutation(2, 2_048_000).apply(1) - permutation(2, 2_048_000).apply(0));
  }

  @Test
  void sizes_outside_its_arithmetic_are_refused() {
    assertThatThrownBy(() -> permutation(1, 0)).hasMessageContaining("was: 0");
    assertThatThrownBy(() -> permutation(1, AffinePermutation.MAX_SIZE + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** The sum of floor((a·i + b) / m) over i below n, by recursion in numbers without bounds. */
  private static BigInteger quotients(BigInteger n, BigInteger m, BigInteger a, BigInteger b) {
    if (n.signum() == 0) {
      return BigInteger.ZERO;
    }
    BigInteger pairs = n.multiply(n.subtract(BigInteger.ONE)).shiftRight(1);
    BigInteger whole = pairs.multiply(a.divide(m)).add(n.multiply(b.divide(m)));
    BigInteger slope = a.mod(m);
    BigInteger[] top = slope.multiply(n).add(b.mod(m)).divideAndRemainder(m);
    return top[0].signum() == 0 ? whole : whole.add(quotients(top[0], slope, m, top[1]));
  }

  private static BigInteger big(long value) {
    return BigInteger.valueOf(value);
  }

  private static AffinePermutation permutation(long seed, long n) {
    return AffinePermutation.of(CounterRandom.of(seed, "order"), n);
  }
}
