package dev.sweeprunner.train.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.FakeGpu;
import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Floats;
import dev.sweeprunner.train.kernels.Buffer.Precision;
import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Buffer.Total;
import dev.sweeprunner.train.kernels.CounterRandom;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.kernels.Kernels.HeadGradient;
import dev.sweeprunner.train.kernels.ReferenceHead;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How far the head's loss and gradients are from double precision, given the same rounded numbers.
 * The last digits of a GPU differ from those here; what the rounding of the probabilities costs
 * does not. {@code -Dfixtures.table=true} prints the errors.
 *
 * <p>The limits at 32 features and 16,385 rows are those of an emulation of the same plan in C
 * (1.3e-5 and 1.4e-5; 5.3e-5 and 6.5e-5; 3.0e-4 and 7.4e-4), a quarter more for other random
 * numbers. Logits in bfloat16, as autocast has them, cost 2e-3 to 9e-3 there.
 */
class HeadErrorTests {
  private static final int ROWS = 3;
  private static final int LENGTH = 64;
  private static final int TOKENS = ROWS * LENGTH;
  private static final float SCALE = 1f / TOKENS;

  @ParameterizedTest
  @CsvSource({
    "true, 32, 16385, 0.02, 2e-7, 1.63e-5, 1.75e-5",
    "true, 32, 16385, 0.3, 1e-7, 6.6e-5, 8.2e-5",
    "true, 32, 16385, 0.9, 2e-5, 3.75e-4, 9.3e-4",
    "true, 16, 300, 0.3, 1e-7, 3e-4, 1.2e-3",
    "true, 64, 1031, 0.3, 1e-7, 3e-4, 1.2e-3",
    "true, 128, 300, 0.3, 1e-7, 4e-4, 1.2e-3",
    "true, 256, 129, 0.3, 1e-7, 4e-4, 1.2e-3",
    "false, 32, 1031, 0.3, 1e-7, 1e-6, 1e-6",
    "false, 45, 97, 0.9, 1e-7, 1e-6, 1e-6"
  })
  void its_errors_are_within_their_limits(
      boolean bfloat16,
      int features,
      int vocabulary,
      float size,
      double mostOfLoss,
      double mostOfInput,
      double mostOfWeight) {
    BackEnd.Wish wish = new BackEnd.Wish(bfloat16, features, BackEnd.Wish.FEWEST_TOKENS);
    Problem problem = new Problem(features, vocabulary, size);

    try (Kernels kernels = FakeGpu.backEnd().open(wish)) {
      problem.run(kernels);
    }

    String name = bfloat16 ? "bfloat16" : "float32";
    assertThat(problem.loss(name)).isLessThan(mostOfLoss);
    assertThat(problem.input(name)).isLessThan(mostOfInput);
    assertThat(problem.weight(name)).isLessThan(mostOfWeight);
    assertThat(FakeGpu.violations()).isEmpty();
  }

  /**
   * Each schedule is another moment at which copies and products come to an end: the latest, the
   * earliest, and by lot.
   */
  @ParameterizedTest
  @CsvSource({
    "64, 1031, forward",
    "64, 1031, reverse",
    "64, 64, random:3",
    "128, 300, forward",
    "128, 300, reverse",
    "128, 65, random:4",
    "256, 129, forward",
    "256, 129, reverse",
    "256, 200, random:5"
  })
  void so_are_those_of_four_warps_products(int features, int vocabulary, String schedule) {
    BackEnd.Wish wish = new BackEnd.Wish(true, features, BackEnd.Wish.FEWEST_TOKENS);
    Problem problem = new Problem(features, vocabulary, 0.3f);

    try (Kernels kernels = FakeGpu.backEnd(true, schedule).open(wish)) {
      assertThat(kernels.traits().version()).isEqualTo("cuda-1-warpgroup");
      problem.run(kernels);
    }

    assertThat(FakeGpu.launches())
        .anyMatch(line -> line.contains("head_first_hopper_c" + features))
        .anyMatch(line -> line.contains("head_second_hopper_c" + features));
    assertThat(problem.loss(schedule)).isLessThan(1e-7);
    assertThat(problem.input(schedule)).isLessThan(4e-4);
    assertThat(problem.weight(schedule)).isLessThan(1.2e-3);
    assertThat(FakeGpu.violations()).isEmpty();
  }

  /** Numbers that bfloat16 holds exactly, and what double precision makes of them. */
  private static final class Problem {
    private final int features;
    private final int vocabulary;
    private final float[] x;
    private final float[] weights;
    private final int[] targets = new int[TOKENS];
    final ReferenceHead judge;
    double foundLoss;
    float[] foundInput = new float[0];
    float[] foundWeight = new float[0];

    Problem(int features, int vocabulary, float size) {
      this.features = features;
      this.vocabulary = vocabulary;
      this.x = random("x", TOKENS * features, 1);
      this.weights = random("weights", vocabulary * features, size);
      CounterRandom random = CounterRandom.of(7, "targets");
      for (int n = 0; n < TOKENS; n++) {
        targets[n] = n % 6 == 5 ? -1 : random.bounded(n, 0, n % 3 == 0 ? 2 : vocabulary);
      }
      this.judge = new ReferenceHead(features, SCALE, x, weights, targets);
    }

    void run(Kernels kernels) {
      Activation hidden = kernels.activation(ROWS, LENGTH, features, Precision.PRODUCT);
      Activation inputGradient = kernels.activation(ROWS, LENGTH, features, Precision.FULL);
      Floats matrix = kernels.matrix(vocabulary, features);
      Floats gradient = kernels.floats(vocabulary * features);
      Tokens tokens = kernels.tokens(ROWS, LENGTH, new Tokens.Ranges(1, vocabulary, 0));
      Total total = kernels.total();
      kernels.allocate();
      kernels.upload(x, ROWS, hidden);
      kernels.upload(weights, matrix);
      kernels.put(tokens, ROWS, new int[TOKENS], targets, new int[0]);
      kernels.next(tokens);

      kernels.head(
          ROWS, hidden, matrix, tokens, new HeadGradient(SCALE, inputGradient, gradient), total);

      foundLoss = kernels.take(total);
      foundInput = kernels.download(ROWS, inputGradient);
      foundWeight = kernels.download(gradient);
    }

    double loss(String who) {
      return said(who, "loss", Math.abs(foundLoss - judge.loss()) / judge.loss());
    }

    double input(String who) {
      return said(who, "dX", judge.errorOfInput(foundInput));
    }

    double weight(String who) {
      return said(who, "dW", judge.errorOfWeight(foundWeight));
    }

    private double said(String who, String what, double error) {
      if (Boolean.getBoolean("fixtures.table")) {
        System.out.printf("head %s, C %d, V %d: %s %.1e%n", who, features, vocabulary, what, error);
      }
      return error;
    }

    private static float[] random(String name, int count, float size) {
      CounterRandom random = CounterRandom.of(7, name);
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        int bits = Float.floatToRawIntBits((float) (size * random.normal(i, 0)));
        values[i] = Float.intBitsToFloat(bits & 0xFFFF0000);
      }
      return values;
    }
  }
}
