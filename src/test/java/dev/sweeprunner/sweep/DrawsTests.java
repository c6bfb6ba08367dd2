package dev.sweeprunner.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrawsTests {
  @ParameterizedTest
  @CsvSource({
    "demo, lr, 0, 0, b0d2d630114b073b",
    "demo, lr, 0, 1, d82a97914124dbf2",
    "demo, lr, 1, 0, 5e41a3ff1b026225",
    "demo, lr, 2147483646, 0, 0a52f0d154dfd5ac",
    "demo, optimizer.lr, 0, 0, 340f27ad70d3938e",
    "größe, lr, 0, 0, 043c6e4d46d0688f"
  })
  void are_the_bits_that_the_written_formula_gives(
      String sweep, String parameter, int index, int place, String bits) {
    Draws draws = new Draws(Draws.key(sweep, parameter), index);

    IntStream.range(0, place).forEach(any -> draws.bits());

    assertThat(draws.bits()).isEqualTo(Long.parseUnsignedLong(bits, 16));
  }

  @Test
  void are_above_0_and_below_1_at_either_end() {
    double least = with(0).uniform();
    double most = with(-1).uniform();

    assertThat(least).isEqualTo(0x1.0p-53);
    assertThat(most).isEqualTo(1 - 0x1.0p-53);
  }

  @Test
  void of_one_uniform_number_are_the_upper_bits() {
    assertThat(new Draws(Draws.key("demo", "lr"), 0).uniform()).isEqualTo(0.6907171122887058);
  }

  /** Kolmogorov and Smirnov's distance at a probability of 1 in 10 000 is 2.2253 / sqrt(n). */
  @Test
  void are_uniform_over_the_points() {
    int n = 100_000;
    long key = Draws.key("sweep", "parameter");
    double[] sorted = IntStream.range(0, n).mapToDouble(i -> new Draws(key, i).uniform()).toArray();
    Arrays.sort(sorted);

    double distance = 0;
    for (int i = 0; i < n; i++) {
      distance = Math.max(distance, Math.abs(sorted[i] - (i + 0.5) / n) + 0.5 / n);
    }

    assertThat(distance).isLessThan(2.2253 / Math.sqrt(n));
  }

  @Test
  void of_two_parameters_and_of_neighbouring_points_are_unrelated() {
    int n = 100_000;
    long one = Draws.key("sweep", "a");
    long other = Draws.key("sweep", "b");

    double parameters = 0;
    double neighbours = 0;
    for (int i = 0; i < n; i++) {
      double a = new Draws(one, i).uniform() - 0.5;
      parameters += 12 * a * (new Draws(other, i).uniform() - 0.5) / n;
      neighbours += 12 * a * (new Draws(one, i + 1).uniform() - 0.5) / n;
    }

    assertThat(parameters).isCloseTo(0, within(4 / Math.sqrt(n)));
    assertThat(neighbours).isCloseTo(0, within(4 / Math.sqrt(n)));
  }

  private static Draws with(long bits) {
    return new Draws(0, 0) {
      @Override
      long bits() {
        return bits;
      }
    };
  }
}
