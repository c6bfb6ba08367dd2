package dev.sweeprunner.train.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DeterministicMathTests {
  @Test
  void the_exponential_keeps_its_documented_errors() {
    assertThat(worst(7, -5)).isLessThan(2e-6);
    assertThat(worst(-5, -20)).isLessThan(1e-5);
    assertThat(worst(-20, -40)).isLessThan(1e-3);
    assertThat(worst(-40, -80)).isLessThan(0.25);
  }

  @Test
  void the_exponential_of_zero_is_one_and_of_anything_low_the_floor() {
    assertThat(DeterministicMath.exp(0f)).isEqualTo(1f);
    assertThat(DeterministicMath.exp(-1e30f))
        .isEqualTo(DeterministicMath.exp(-80f))
        .isBetween(1e-35f, 1e-34f);
    assertThat(DeterministicMath.exp(Float.NaN)).isNaN();
  }

  @Test
  void the_exponential_of_a_logit_without_a_top_is_too_large() {
    assertThat(DeterministicMath.exp(-3f + Float.MAX_VALUE)).isGreaterThan(HeadLoops.MOST);
    assertThat(DeterministicMath.exp(Float.POSITIVE_INFINITY)).isGreaterThan(HeadLoops.MOST);
  }

  @Test
  void the_exponential_grows_with_its_argument() {
    float before = DeterministicMath.exp(-80f);
    for (float x = -79.9f; x <= 7; x += 0.1f) {
      float now = DeterministicMath.exp(x);

      assertThat(now).isGreaterThan(before);
      before = now;
    }
  }

  @Test
  void the_scaled_tail_gives_the_normal_distribution() {
    // 1 − Φ(1) and 1 − Φ(2.5), from tables
    assertThat(upperTail(1)).isCloseTo(0.15865525, within(2e-7));
    assertThat(upperTail(2.5)).isCloseTo(0.00620967, within(2e-7));
    assertThat(upperTail(0)).isCloseTo(0.5, within(2e-7));
  }

  private static double upperTail(double x) {
    return 0.5 * DeterministicMath.scaledTail((float) x) * StrictMath.exp(-x * x / 2);
  }

  /** Largest relative error between two arguments. */
  private static double worst(double from, double to) {
    double worst = 0;
    for (int i = 0; i <= 20_000; i++) {
      float x = (float) (from + (to - from) * i / 20_000);
      double truth = StrictMath.exp(x);
      worst = Math.max(worst, Math.abs(DeterministicMath.exp(x) - truth) / truth);
    }
    return worst;
  }
}
