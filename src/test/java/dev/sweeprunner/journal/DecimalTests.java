package dev.sweeprunner.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecimalTests {
  @ParameterizedTest
  @CsvSource({
    "1.0, 1.0",
    "-1.0, -1.0",
    "0.0, 0.0",
    "-0.0, -0.0",
    "0.1, 0.1",
    "0.006, 0.006",
    "0.002, 0.002",
    "1.386294361119891, 1.386294361119891",
    "123456789.0, 123456789.0",
    "1e16, 10000000000000000.0",
    "1e17, 1.0e17",
    "1e23, 1.0e23",
    "2e-5, 0.00002",
    "1.5e-6, 1.5e-6",
    "-1.5e-7, -1.5e-7",
    "4.9e-324, 4.94065645841247e-324",
    "2.2250738585072014e-308, 2.2250738585072014e-308",
    "1.7976931348623157e308, 1.7976931348623157e308",
    "0.30000000000000004, 0.30000000000000004",
  })
  void a_double_has_one_form(double value, String form) {
    assertThat(Decimal.json(value)).isEqualTo(form);
  }

  @Test
  void what_is_not_finite_is_a_string() {
    assertThat(Decimal.json(Double.NaN)).isEqualTo("\"NaN\"");
    assertThat(Decimal.json(Double.POSITIVE_INFINITY)).isEqualTo("\"Infinity\"");
    assertThat(Decimal.json(Double.NEGATIVE_INFINITY)).isEqualTo("\"-Infinity\"");
  }

  @Test
  void every_double_reads_back_as_itself_and_is_never_an_integer() {
    long seed = 20260417;
    var random = new Random(seed);

    for (int i = 0; i < 20_000; i++) {
      double value =
          i % 2 == 0 ? random.nextGaussian() : Double.longBitsToDouble(random.nextLong());
      if (!Double.isNaN(value) && !Double.isInfinite(value)) {
        var text = Decimal.json(value);

        assertThat(Double.parseDouble(text)).as("seed %d, draw %d", seed, i).isEqualTo(value);
        assertThat(text).matches("-?[0-9]+\\.[0-9]+(e-?[0-9]+)?");
      }
    }
  }

  @Test
  void a_decimal_of_few_digits_keeps_them() {
    long seed = 7;
    var random = new Random(seed);

    for (int i = 0; i < 5_000; i++) {
      var text = random.nextInt(1, 1000) + "." + random.nextInt(1, 10) + "5";

      assertThat(Decimal.json(Double.parseDouble(text))).as("seed %d", seed).isEqualTo(text);
    }
  }
}
