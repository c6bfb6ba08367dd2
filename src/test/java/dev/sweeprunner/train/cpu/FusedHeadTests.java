package dev.sweeprunner.train.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Floats;
import dev.sweeprunner.train.kernels.Buffer.Precision;
import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Buffer.Total;
import dev.sweeprunner.train.kernels.CounterRandom;
import dev.sweeprunner.train.kernels.Kernels.HeadGradient;
import dev.sweeprunner.train.kernels.ReferenceHead;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fused head against softmax and cross-entropy written out in double. */
class FusedHeadTests {
  private static final int LENGTH = 9;
  private static final int ROWS = 31;
  private static final int TOKENS = ROWS * LENGTH;
  private static final float SCALE = 0.25f;

  private final CpuKernels kernels = new CpuKernels(2, CpuBackEnd.Vectors.NEVER);

  @AfterEach
  void close() {
    kernels.close();
  }

  @ParameterizedTest
  @CsvSource({"4, 16, 0.3", "97, 12, 0.3", "256, 33, 0.02", "257, 40, 0.9", "1031, 32, 0.3"})
  void loss_and_gradients_equal_those_of_a_plain_softmax(int vocabulary, int features, float size) {
    Problem problem = new Problem(vocabulary, features, size);

    double loss = problem.run(problem.gradient());

    assertThat(loss).isCloseTo(problem.judge.loss(), within(1e-6 * problem.judge.loss()));
    float[] inputGradient = kernels.download(ROWS, problem.inputGradientBuffer);
    float[] weightGradient = kernels.download(problem.weightGradientBuffer);
    assertThat(problem.judge.errorOfInput(inputGradient)).isLessThan(5e-6);
    assertThat(problem.judge.errorOfWeight(weightGradient)).isLessThan(5e-6);
  }

  @Test
  void the_loss_alone_has_the_same_bits_as_with_gradients() {
    Problem problem = new Problem(1031, 32, 0.3f);

    assertThat(problem.run(null)).isEqualTo(problem.run(problem.gradient()));
  }

  @Test
  void logits_far_beyond_the_range_of_exp_do_no_harm() {
    Problem problem = new Problem(97, 12, 60f);

    double loss = problem.run(problem.gradient());

    assertThat(loss)
        .isCloseTo(problem.judge.loss(), within(1e-6 * problem.judge.loss()))
        .isGreaterThan(1e4);
    float[] inputGradient = kernels.download(ROWS, problem.inputGradientBuffer);
    assertThat(problem.judge.errorOfInput(inputGradient)).isLessThan(1e-3);
  }

  @Test
  void the_weight_gradient_is_added_to_what_is_there() {
    Problem problem = new Problem(97, 12, 0.3f);

    problem.run(problem.gradient());
    float[] once = kernels.download(problem.weightGradientBuffer);
    problem.run(problem.gradient());

    float[] twice = kernels.download(problem.weightGradientBuffer);
    for (int i = 0; i < once.length; i++) {
      assertThat(twice[i]).isCloseTo(2 * once[i], within(1e-5f * Math.abs(once[i]) + 1e-5f));
    }
  }

  /** Random hidden states, matrix and targets, and what a plain computation makes of them. */
  private final class Problem {
    final int vocabulary;
    final int features;
    final float[] x;
    final float[] weight;
    final int[] targets = new int[TOKENS];
    final ReferenceHead judge;

    final Activation input;
    final Activation inputGradientBuffer;
    final Floats matrix;
    final Floats weightGradientBuffer;
    final Tokens tokens;

    Problem(int vocabulary, int features, float size) {
      this.vocabulary = vocabulary;
      this.features = features;
      this.x = random("x", TOKENS * features, 1);
      this.weight = random("weight", vocabulary * features, size);
      CounterRandom random = CounterRandom.of(7, "targets");
      for (int n = 0; n < TOKENS; n++) {
        targets[n] = n % 6 == 5 ? -1 : random.bounded(n, 0, vocabulary);
      }
      this.judge = new ReferenceHead(features, SCALE, x, weight, targets);
      this.input = kernels.activation(ROWS, LENGTH, features, Precision.PRODUCT);
      this.inputGradientBuffer = kernels.activation(ROWS, LENGTH, features, Precision.FULL);
      this.matrix = kernels.floats(weight.length);
      this.weightGradientBuffer = kernels.floats(weight.length);
      this.tokens = kernels.tokens(ROWS, LENGTH, new Tokens.Ranges(1, vocabulary, 0));
      kernels.upload(x, ROWS, input);
      kernels.upload(weight, matrix);
      kernels.put(tokens, ROWS, new int[TOKENS], targets, new int[0]);
      kernels.next(tokens);
    }

    HeadGradient gradient() {
      return new HeadGradient(SCALE, inputGradientBuffer, weightGradientBuffer);
    }

    double run(@Nullable HeadGradient gradient) {
      Total loss = kernels.total();
      kernels.head(ROWS, input, matrix, tokens, gradient, loss);
      return kernels.take(loss);
    }

    private static float[] random(String name, int count, float size) {
      CounterRandom random = CounterRandom.of(7, name);
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (float) (size * random.normal(i, 0));
      }
      return values;
    }
  }
}
