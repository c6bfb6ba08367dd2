package dev.sweeprunner.python;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PythonFloatTests {
  /**
   * All powers of two and ten, subnormals, halves of intervals and random bits, by Python's repr.
   */
  @Test
  void a_double_prints_as_python_prints_it() throws IOException {
    int checked = 0;
    for (String line : golden()) {
      String[] parts = line.split("\t");
      double value = Double.longBitsToDouble(Long.parseUnsignedLong(parts[0], 16));

      assertThat(PythonFloat.repr(value)).as(parts[0]).isEqualTo(parts[1]);
      checked++;
    }

    assertThat(checked).isGreaterThan(4000);
  }

  private static List<String> golden() throws IOException {
    try (var stream = PythonFloatTests.class.getResourceAsStream("/golden/python-floats.tsv")) {
      return new String(stream.readAllBytes(), UTF_8).lines().toList();
    }
  }

  @Test
  void any_double_reads_back_and_no_shorter_neighbour_does() {
    long seed = 20261123;
    Random random = new Random(seed);
    for (int i = 0; i < 5000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (!Double.isFinite(value)) {
        continue;
      }

      String text = PythonFloat.repr(value);

      String as = "seed " + seed + ", round " + i + ": " + text;
      assertThat(Double.parseDouble(text)).as(as).isEqualTo(value);
      assertThat(digits(text)).as(as).isLessThanOrEqualTo(digits(Double.toString(value)));
    }
  }

  @Test
  void what_is_not_finite_has_no_form() {
    assertThatThrownBy(() -> PythonFloat.repr(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PythonFloat.repr(Double.NEGATIVE_INFINITY))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static int digits(String text) {
    String mantissa = text.toLowerCase(java.util.Locale.ROOT).replaceFirst("e.*", "");
    String digits = mantissa.replaceAll("[-.]", "").replaceFirst("^0+", "");
    return digits.replaceFirst("0+$", "").length();
  }
}
