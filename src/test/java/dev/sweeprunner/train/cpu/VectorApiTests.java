package dev.sweeprunner.train.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.train.cpu.CpuBackEnd.Vectors;
import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Floats;
import dev.sweeprunner.train.kernels.Buffer.Precision;
import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Buffer.Total;
import dev.sweeprunner.train.kernels.CounterRandom;
import dev.sweeprunner.train.kernels.Kernels;
import dev.sweeprunner.train.kernels.Kernels.Attention;
import dev.sweeprunner.train.kernels.Kernels.HeadGradient;
import dev.sweeprunner.train.kernels.Kernels.Linear;
import dev.sweeprunner.train.kernels.Trainable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The Vector API's kernels against the plain loops, bit by bit, at shapes with and without tails.
 */
class VectorApiTests {
  private static final BackEnd.Wish WISH = new BackEnd.Wish(false, 1, BackEnd.Wish.FEWEST_TOKENS);
  private static final int[] NONE = new int[0];

  @ParameterizedTest
  @CsvSource({"4, 64, 32, 96", "3, 7, 1, 5", "5, 100, 33, 8", "1, 1, 9, 17", "9, 64, 70, 40"})
  void linear_maps_and_their_gradients(int rows, int length, int in, int out) {
    bothGive(kernels -> linear(kernels, rows, length, in, out));
  }

  @ParameterizedTest
  @CsvSource({"4, 64, 32, 1", "5, 64, 66, 3", "2, 32, 8, 2", "2, 128, 20, 1", "3, 96, 16, 1"})
  void attention_of_whole_panels(int rows, int length, int embd, int heads) {
    bothGive(kernels -> attention(kernels, rows, length, embd, heads));
  }

  @ParameterizedTest
  @CsvSource({"3, 10, 12, 2", "2, 65, 8, 1", "4, 1, 4, 1"})
  void attention_of_other_lengths(int rows, int length, int embd, int heads) {
    bothGive(kernels -> attention(kernels, rows, length, embd, heads));
  }

  @ParameterizedTest
  @CsvSource({"5, 64, 32, 1031", "3, 7, 1, 5", "2, 100, 33, 256", "9, 64, 20, 300"})
  void the_head_and_its_gradients(int rows, int length, int embd, int vocabulary) {
    bothGive(kernels -> head(kernels, rows, length, embd, vocabulary));
  }

  @ParameterizedTest
  @CsvSource({"4, 64, 24", "3, 7, 5", "1, 1, 1"})
  void gelu_and_its_gradient(int rows, int length, int features) {
    VectorApi.backEnd(1);
    try (ThreadPool pool = new ThreadPool(2)) {
      float[][] vectors = gelu(new SimdPointwiseKernel(pool, 0), rows, length, features);

      assertThat(vectors).isEqualTo(gelu(new PointwiseKernel(pool), rows, length, features));
    }
  }

  /** Exponentials of 1,031 rows are 396 KB a span of 96 tokens, 1,056 KB one of 256. */
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "1, 800_000",
    "1, 1_100_000",
    "1, 100_000_000",
    "2, 1",
    "2, 800_000",
    "2, 1_300_000",
    "3, 100_000_000"
  })
  void the_head_by_any_groups_of_tokens(int threads, String most) {
    VectorApi.backEnd(1);
    HeadLoops vectors = new SimdHeadLoops(threads, Long.parseLong(most.replace("_", "")));

    assertThat(headBy(threads, vectors)).isEqualTo(headBy(threads, new PlainHeadLoops(threads)));
  }

  @Test
  void what_is_not_finite_is_not_lost() {
    VectorApi.backEnd(1);
    try (Kernels kernels = new CpuBackEnd(1, Vectors.ALWAYS).open(WISH)) {
      Activation x = kernels.activation(1, 64, 8, Precision.PRODUCT);
      float[] values = random("x", 64 * 8);
      values[77] = Float.NaN;
      kernels.upload(values, 1, x);
      Floats weight = floats(kernels, "weight", 40 * 8);
      Tokens tokens = kernels.tokens(1, 64, new Tokens.Ranges(1, 40, 0));
      kernels.put(tokens, 1, new int[64], new int[64], new int[0]);
      kernels.next(tokens);
      Total loss = kernels.total();

      kernels.head(1, x, weight, tokens, null, loss);

      assertThat(kernels.take(loss)).isNaN();
    }
  }

  private static void bothGive(Function<Kernels, List<float[]>> work) {
    VectorApi.backEnd(1);
    List<float[]> plain = run(new CpuBackEnd(2), work);
    List<float[]> vectors = run(new CpuBackEnd(2, Vectors.ALWAYS), work);

    assertThat(vectors).hasSameSizeAs(plain);
    for (int i = 0; i < plain.size(); i++) {
      assertThat(vectors.get(i)).as("result " + i).isEqualTo(plain.get(i));
    }
  }

  private static List<float[]> run(CpuBackEnd cpu, Function<Kernels, List<float[]>> work) {
    try (Kernels kernels = cpu.open(WISH)) {
      return work.apply(kernels);
    }
  }

  private static List<float[]> linear(Kernels kernels, int rows, int length, int in, int out) {
    Activation x = activation(kernels, "x", rows, length, in);
    Activation y = activation(kernels, "y", rows, length, out);
    Activation upper = activation(kernels, "upper", rows, length, out);
    Activation lower = activation(kernels, "lower", rows, length, in);
    Linear layer =
        new Linear(trainable(kernels, "weight", in * out), trainable(kernels, "bias", out));
    kernels.linear(rows, x, layer, y);
    kernels.linearBackward(rows, upper, x, layer, lower);
    List<float[]> results = new ArrayList<>();
    results.add(kernels.download(rows, y));
    results.add(kernels.download(rows, lower));
    results.add(kernels.download(layer.weight().gradient()));
    return results;
  }

  private static List<float[]> attention(
      Kernels kernels, int rows, int length, int embd, int heads) {
    Attention flow =
        new Attention(
            activation(kernels, "qkv", rows, length, 3 * embd),
            heads,
            activation(kernels, "out", rows, length, embd),
            activation(kernels, "statistics", rows, length, 2 * heads));
    Activation upper = activation(kernels, "upper", rows, length, embd);
    Activation lower = activation(kernels, "lower", rows, length, 3 * embd);
    kernels.attention(rows, flow);
    kernels.attentionBackward(rows, upper, flow, lower);
    List<float[]> results = new ArrayList<>();
    results.add(kernels.download(rows, flow.out()));
    results.add(kernels.download(rows, flow.statistics()));
    results.add(kernels.download(rows, lower));
    return results;
  }

  private static List<float[]> head(
      Kernels kernels, int rows, int length, int embd, int vocabulary) {
    Activation x = activation(kernels, "x", rows, length, embd);
    Activation lower = activation(kernels, "lower", rows, length, embd);
    Trainable weight = trainable(kernels, "weight", vocabulary * embd);
    Tokens tokens = kernels.tokens(rows, length, new Tokens.Ranges(1, vocabulary, 0));
    kernels.put(tokens, rows, new int[rows * length], targets(rows * length, vocabulary), NONE);
    kernels.next(tokens);
    Total loss = kernels.total();
    HeadGradient gradient = new HeadGradient(0.25f, lower, weight.gradient());
    kernels.head(rows, x, weight.value(), tokens, gradient, loss);
    float taken = (float) kernels.take(loss);
    kernels.head(rows, x, weight.value(), tokens, null, loss);
    List<float[]> results = new ArrayList<>();
    results.add(new float[] {taken, (float) kernels.take(loss)});
    results.add(kernels.download(rows, lower));
    results.add(kernels.download(weight.gradient()));
    return results;
  }

  /** Output and gradient, of odd numbers too. */
  private static float[][] gelu(PointwiseKernel kernel, int rows, int length, int features) {
    float[] values = random("x", rows * length * features);
    float[] odd = {0f, -0f, Float.NaN, 1e30f, -1e30f, 1e-30f, -1e-30f, 30f, -30f};
    for (int i = 0; i < Math.min(odd.length, values.length); i++) {
      values[i * 7 % values.length] = odd[i];
    }
    HostActivation x = HostActivation.of(rows, length, features);
    x.read(values, rows);
    HostActivation upper = HostActivation.of(rows, length, features);
    upper.read(random("upper", rows * length * features), rows);
    HostActivation out = HostActivation.of(rows, length, features);
    kernel.gelu(rows, x, out);
    kernel.geluBackward(rows, upper, x, upper);
    return new float[][] {out.rowMajor(rows), upper.rowMajor(rows)};
  }

  /** Loss, input's and weight's gradient; one token that does not count is not a number. */
  private static float[][] headBy(int threads, HeadLoops loops) {
    int rows = 7;
    int features = 40;
    HostActivation x = HostActivation.of(rows, 64, features);
    float[] states = random("x", rows * 64 * features);
    states[5 * features] = Float.NaN;
    x.read(states, rows);
    HostActivation lower = HostActivation.of(rows, 64, features);
    float[] gradient = random("gradient", 1031 * features);
    try (ThreadPool pool = new ThreadPool(threads)) {
      double loss =
          new HeadKernel(pool, loops, loops, 0)
              .run(
                  rows,
                  x,
                  random("weight", 1031 * features),
                  targets(rows * 64, 1031),
                  new HeadGradient(0.25f, lower, new HostFloats(gradient)));
      return new float[][] {{(float) loss}, lower.rowMajor(rows), gradient};
    }
  }

  private static int[] targets(int count, int vocabulary) {
    CounterRandom random = CounterRandom.of(7, "targets");
    int[] targets = new int[count];
    for (int n = 0; n < count; n++) {
      targets[n] = n % 6 == 5 ? -1 : random.bounded(n, 0, vocabulary);
    }
    return targets;
  }

  private static Activation activation(
      Kernels kernels, String name, int rows, int length, int features) {
    Activation activation = kernels.activation(rows, length, features, Precision.FULL);
    kernels.upload(random(name, rows * length * features), rows, activation);
    return activation;
  }

  private static Trainable trainable(Kernels kernels, String name, int length) {
    return new Trainable(
        floats(kernels, name, length),
        floats(kernels, name + " gradient", length),
        kernels.floats(length),
        kernels.floats(length),
        true);
  }

  private static Floats floats(Kernels kernels, String name, int length) {
    Floats floats = kernels.floats(length);
    kernels.upload(random(name, length), floats);
    return floats;
  }

  private static float[] random(String name, int count) {
    CounterRandom random = CounterRandom.of(7, name);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.normal(i, 0);
    }
    return values;
  }
}
