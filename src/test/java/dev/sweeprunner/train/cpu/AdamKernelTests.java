package dev.sweeprunner.train.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sweeprunner.train.kernels.AdamW;
import dev.sweeprunner.train.kernels.Buffer.Floats;
import dev.sweeprunner.train.kernels.Buffer.Total;
import dev.sweeprunner.train.kernels.CounterRandom;
import dev.sweeprunner.train.kernels.Trainable;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdamKernelTests {
  private static final int LENGTH = 9001;

  private final CpuKernels kernels = new CpuKernels(2, CpuBackEnd.Vectors.NEVER);

  @AfterEach
  void close() {
    kernels.close();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 1e9})
  void ten_updates_follow_the_formula_in_double(double gradClip) {
    AdamW settings = new AdamW(0.9, 0.99, 0.1, gradClip);
    Trainable matrix = trainable(true);
    Trainable vector = trainable(false);
    double[][] expected = new double[6][LENGTH];

    for (int step = 1; step <= 10; step++) {
      float[] gradient = gradient(step);
      kernels.upload(gradient, matrix.gradient());
      kernels.upload(gradient, vector.gradient());
      double norm = update(List.of(matrix, vector), settings, 0.01 * step, step);

      double expectedNorm = Math.sqrt(2 * squares(gradient));
      assertThat(norm).isCloseTo(expectedNorm, within(1e-12 * expectedNorm));
      double clip = gradClip == 0 ? 1 : Math.min(1, gradClip / (expectedNorm + 1e-6));
      follow(expected, 0, gradient, clip, settings, 0.01 * step, step, 0.1);
      follow(expected, 3, gradient, clip, settings, 0.01 * step, step, 0);
    }

    assertThat(worst(kernels.download(matrix.value()), expected[0])).isLessThan(2e-6);
    assertThat(worst(kernels.download(vector.value()), expected[3])).isLessThan(2e-6);
    assertThat(kernels.download(matrix.gradient())).containsOnly(0);
  }

  @Test
  void a_first_step_moves_every_element_by_about_the_learning_rate() {
    Trainable vector = trainable(false);
    kernels.upload(gradient(1), vector.gradient());

    update(List.of(vector), new AdamW(0.9, 0.95, 0.1, 0), 0.01, 1);

    for (float value : kernels.download(vector.value())) {
      assertThat(Math.abs(value)).isCloseTo(0.01f, within(1e-5f));
    }
  }

  @Test
  void a_gradient_that_is_not_finite_shows_in_the_norm() {
    Trainable vector = trainable(false);
    float[] gradient = gradient(1);
    gradient[5000] = Float.NaN;
    kernels.upload(gradient, vector.gradient());

    double norm = update(List.of(vector), new AdamW(0.9, 0.95, 0.1, 1), 0.01, 1);

    assertThat(norm).isNaN();
  }

  private double update(List<Trainable> parameters, AdamW settings, double rate, long step) {
    Total norm = kernels.total();
    kernels.update(parameters, settings, rate, step, norm);
    return kernels.take(norm);
  }

  private Trainable trainable(boolean decays) {
    return new Trainable(zeros(), zeros(), zeros(), zeros(), decays);
  }

  private Floats zeros() {
    return kernels.floats(LENGTH);
  }

  private static float[] gradient(int step) {
    CounterRandom random = CounterRandom.of(step, "gradient");
    float[] gradient = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      gradient[i] = (float) (random.uniform(i, 0) + 0.01) * (i % 2 == 0 ? 1 : -1);
    }
    return gradient;
  }

  private static double squares(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return sum;
  }

  /** state[at] the values, state[at + 1] and [at + 2] the moments. */
  private static void follow(
      double[][] state,
      int at,
      float[] gradient,
      double clip,
      AdamW settings,
      double rate,
      int step,
      double decay) {
    for (int i = 0; i < LENGTH; i++) {
      double g = gradient[i] * clip;
      double m = settings.beta1() * state[at + 1][i] + (1 - settings.beta1()) * g;
      double v = settings.beta2() * state[at + 2][i] + (1 - settings.beta2()) * g * g;
      state[at + 1][i] = m;
      state[at + 2][i] = v;
      double corrected = v / (1 - Math.pow(settings.beta2(), step));
      double move = m / (1 - Math.pow(settings.beta1(), step)) / (Math.sqrt(corrected) + 1e-8);
      state[at][i] = state[at][i] * (1 - rate * decay) - rate * move;
    }
  }

  private static double worst(float[] a, double[] b) {
    double worst = 0;
    for (int i = 0; i < b.length; i++) {
      worst = Math.max(worst, Math.abs(a[i] - b[i]));
    }
    return worst;
  }
}
