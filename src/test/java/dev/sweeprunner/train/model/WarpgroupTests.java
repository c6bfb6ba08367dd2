package dev.sweeprunner.train.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.FakeGpu;
import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whole models by products of four warps against the same by products of one, which the fixtures
 * hold to PyTorch. Both add the same numbers in another order.
 */
class WarpgroupTests {
  /** A probability is rounded to bfloat16 beside another maximum: half of its last bit, 2^-9. */
  private static final double MOST = 2.0 / (1 << 9);

  private static final String PTX = "src/main/resources/dev/sweeprunner/train/cuda/";

  /** Each schedule is another moment at which copies and products come to an end. */
  @ParameterizedTest
  @CsvSource({
    "64, 64, 5, forward",
    "64, 24, 3, reverse",
    "64, 24, 3, random:1",
    "128, 24, 6, forward",
    "128, 64, 3, reverse",
    "128, 24, 3, random:2",
    "256, 24, 3, forward",
    "256, 24, 6, reverse",
    "256, 24, 3, random:7"
  })
  void gradients_are_those_of_the_other_kernels(int embd, int length, int rows, String schedule) {
    ModelShape shape = shape(embd, length);

    Map<String, float[]> warps = trained(FakeGpu.backEnd(), shape, rows);
    Map<String, float[]> groups = trained(FakeGpu.backEnd(true, schedule), shape, rows);

    assertThat(FakeGpu.violations()).isEmpty();
    assertThat(groups.keySet()).isEqualTo(warps.keySet());
    warps.forEach(
        (name, gradient) ->
            assertThat(difference(gradient, Named.in(groups, name))).as(name).isLessThan(MOST));
  }

  @Test
  void every_kernel_that_there_is_was_launched() throws IOException {
    Set<String> launched = new TreeSet<>();
    for (int embd : new int[] {64, 128, 256}) {
      trained(FakeGpu.backEnd(true, "forward"), shape(embd, 8), 1);
      launched.addAll(names("launch (\\w*hopper\\w*)", String.join("\n", FakeGpu.launches())));
    }

    assertThat(launched)
        .isEqualTo(names("\\.entry (\\w+)", Files.readString(Path.of(PTX, "hopper.ptx"))));
  }

  @Test
  void the_size_of_the_slices_changes_no_bit() {
    ModelShape shape = new ModelShape(1, 2, 64, 8, 9, 4, 2, true, false, false, true, 10_000);
    int rows = 1100; // two quanta, the second short

    Map<String, float[]> small = trained(FakeGpu.backEnd(true, "forward"), shape, rows, 8192);
    Map<String, float[]> large = trained(FakeGpu.backEnd(true, "forward"), shape, rows, 32768);

    small.forEach((name, gradient) -> assertThat(large.get(name)).as(name).isEqualTo(gradient));
  }

  /** A vocabulary and a number of tokens that are no multiples of any tile. */
  private static ModelShape shape(int embd, int length) {
    return new ModelShape(1, embd / 32, embd, length, 151, 75, 3, true, false, false, false, 1);
  }

  private static Map<String, float[]> trained(BackEnd gpu, ModelShape shape, int rows) {
    return trained(gpu, shape, rows, rows * shape.blockSize());
  }

  private static Map<String, float[]> trained(
      BackEnd gpu, ModelShape shape, int rows, int tokensAtOnce) {
    try (Kernels kernels = gpu.open(new BackEnd.Wish(true, shape.embd(), tokensAtOnce));
        Gpt model = new Gpt(kernels, shape, rows)) {
      model.initialise(64);
      double loss = Batch.random(shape, rows, 1).accumulate(model, 1f / (rows * shape.blockSize()));
      Map<String, float[]> all = new LinkedHashMap<>();
      all.put("loss", new float[] {(float) loss});
      List.copyOf(model.gradients()).forEach(tensor -> all.put(tensor.name(), tensor.values()));
      return all;
    }
  }

  /** The norm of the difference beside that of what is expected. */
  private static double difference(float[] expected, float[] found) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow(expected[i] - found[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / norm);
  }

  private static Set<String> names(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult result) -> result.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
