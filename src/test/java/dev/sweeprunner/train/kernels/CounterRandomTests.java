package dev.sweeprunner.train.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class CounterRandomTests {
  private static final int COUNT = 200_000;
  private static final long BITS = 6702743619323328493L;
  private static final long NORMAL_BITS = -4612138229775869183L;
  private static final BigInteger GOLDEN = new BigInteger("9E3779B97F4A7C15", 16);
  private static final BigInteger MASK = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  @Test
  void a_value_depends_on_seed_stream_and_both_counters() {
    long value = CounterRandom.of(64, "rows").bits(3, 5);

    assertThat(CounterRandom.of(64, "rows").bits(3, 5)).isEqualTo(value);
    assertThat(CounterRandom.of(65, "rows").bits(3, 5)).isNotEqualTo(value);
    assertThat(CounterRandom.of(64, "tokens").bits(3, 5)).isNotEqualTo(value);
    assertThat(CounterRandom.of(64, "rows").bits(5, 3)).isNotEqualTo(value);
    assertThat(CounterRandom.of(64, "rows").bits(3, 6)).isNotEqualTo(value);
  }

  @Test
  void the_documented_formula_holds() {
    BigInteger key = mix(mix(big(64).add(GOLDEN)).xor(big(7)).add(GOLDEN));
    BigInteger expected = mix(mix(key.xor(big(3)).add(GOLDEN)).xor(big(5)).add(GOLDEN));

    assertThat(CounterRandom.of(64, 7).bits(3, 5)).isEqualTo(expected.longValue());
  }

  @Test
  void recorded_values_stay() {
    CounterRandom random = CounterRandom.of(64, "rows");

    assertThat(random.bits(0, 0)).isEqualTo(BITS);
    assertThat(Double.doubleToRawLongBits(random.normal(1, 2))).isEqualTo(NORMAL_BITS);
  }

  @Test
  void uniform_numbers_fill_the_unit_interval_evenly() {
    CounterRandom random = CounterRandom.of(1, "uniform");
    int[] cells = new int[20];

    for (int i = 0; i < COUNT; i++) {
      cells[(int) (random.uniform(i, 0) * cells.length)]++;
    }

    assertThat(chiSquare(cells)).isLessThan(43.8); // 99.9 % of chi-square with 19 degrees
  }

  @Test
  void bounded_numbers_are_even_for_a_bound_that_is_no_power_of_two() {
    CounterRandom random = CounterRandom.of(1, "bounded");
    int[] cells = new int[7];

    for (int i = 0; i < COUNT; i++) {
      cells[random.bounded(0, i, cells.length)]++;
    }

    assertThat(chiSquare(cells)).isLessThan(22.5); // 99.9 % with 6 degrees
    assertThat(random.bounded(0, 0, 1)).isZero();
    assertThat(random.bounded(0, 0, Integer.MAX_VALUE)).isNotNegative();
    assertThatThrownBy(() -> random.bounded(0, 0, 0)).hasMessageContaining("was: 0");
  }

  @Test
  void normal_numbers_have_the_moments_of_the_standard_normal() {
    CounterRandom random = CounterRandom.of(1, "normal");
    double[] moments = new double[5];

    for (int i = 0; i < COUNT; i++) {
      double x = random.normal(i, 1);
      for (int k = 1; k <= 4; k++) {
        moments[k] += StrictMath.pow(x, k) / COUNT;
      }
    }

    assertThat(moments[1]).isCloseTo(0, within(0.01));
    assertThat(moments[2]).isCloseTo(1, within(0.015));
    assertThat(moments[3]).isCloseTo(0, within(0.04));
    assertThat(moments[4]).isCloseTo(3, within(0.1));
  }

  private static BigInteger big(long value) {
    return BigInteger.valueOf(value);
  }

  private static BigInteger mix(BigInteger value) {
    BigInteger z = value.and(MASK);
    z = z.xor(z.shiftRight(30)).multiply(new BigInteger("BF58476D1CE4E5B9", 16)).and(MASK);
    z = z.xor(z.shiftRight(27)).multiply(new BigInteger("94D049BB133111EB", 16)).and(MASK);
    return z.xor(z.shiftRight(31));
  }

  private static double chiSquare(int[] cells) {
    double expected = (double) COUNT / cells.length;
    double sum = 0;
    for (int cell : cells) {
      sum += (cell - expected) * (cell - expected) / expected;
    }
    return sum;
  }
}
