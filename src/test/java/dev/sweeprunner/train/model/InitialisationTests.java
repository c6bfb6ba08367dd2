package dev.sweeprunner.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sweeprunner.train.cpu.CpuBackEnd;
import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.Kernels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class InitialisationTests {
  private static final BackEnd.Wish WISH = new BackEnd.Wish(false, 44, BackEnd.Wish.MOST_TOKENS);
  private static final ModelShape SHAPE =
      new ModelShape(3, 2, 64, 32, 257, 128, 2, true, false, false, false, 1);

  @Test
  void matrices_have_the_documented_deviation_and_the_rest_is_constant() {
    for (Tensor tensor : initialised(SHAPE, 64).values()) {
      float[] values = tensor.values();
      if (tensor.shape().size() == 1) {
        assertThat(values).containsOnly(tensor.name().endsWith(".bias") ? 0f : 1f);
      } else {
        double expected = tensor.name().endsWith("c_proj.weight") ? 0.02 / Math.sqrt(6) : 0.02;
        double error = 4 / Math.sqrt(values.length);
        assertThat(mean(values)).isCloseTo(0, within(expected * error));
        assertThat(deviation(values)).isCloseTo(expected, within(expected * error));
      }
    }
  }

  @Test
  void names_and_shapes_are_those_of_nano_gpt() {
    Map<String, Tensor> tensors = initialised(SHAPE, 64);

    assertThat(tensors).hasSize(3 + 3 * 12 + 3);
    assertThat(Named.in(tensors, "transformer.wte.weight").shape()).containsExactly(257, 64);
    assertThat(Named.in(tensors, "transformer.wpe.weight").shape()).containsExactly(32, 64);
    assertThat(Named.in(tensors, "transformer.wce.weight").shape()).containsExactly(2, 64);
    assertThat(Named.in(tensors, "transformer.h.2.attn.c_attn.weight").shape())
        .containsExactly(192, 64);
    assertThat(Named.in(tensors, "transformer.h.2.attn.c_attn.bias").shape()).containsExactly(192);
    assertThat(Named.in(tensors, "transformer.h.0.mlp.c_fc.weight").shape())
        .containsExactly(256, 64);
    assertThat(Named.in(tensors, "transformer.h.0.mlp.c_proj.weight").shape())
        .containsExactly(64, 256);
    assertThat(Named.in(tensors, "transformer.ln_f.weight").shape()).containsExactly(64);
    assertThat(Named.in(tensors, "lm_head.weight").shape()).containsExactly(257, 64);
  }

  @Test
  void variants_have_only_the_parameters_that_they_use() {
    ModelShape tied = new ModelShape(1, 2, 8, 8, 97, 48, 0, false, true, false, true, 10_000);
    ModelShape shared = new ModelShape(1, 2, 8, 8, 97, 48, 0, false, false, true, true, 10_000);

    assertThat(initialised(tied, 1).keySet())
        .doesNotContain("lm_head.weight", "transformer.wpe.weight", "transformer.wce.weight")
        .noneMatch(name -> name.endsWith(".bias"));
    assertThat(Named.in(initialised(shared, 1), "transformer.wte.weight").shape())
        .containsExactly(49, 8);
    assertThat(Named.in(initialised(shared, 1), "lm_head.weight").shape()).containsExactly(97, 8);
  }

  @Test
  void a_value_depends_on_seed_name_and_index_only() {
    ModelShape wider = new ModelShape(5, 2, 64, 32, 500, 250, 0, false, true, false, false, 1);
    float[] tokens = Named.in(initialised(SHAPE, 64), "transformer.wte.weight").values();
    float[] more = Named.in(initialised(wider, 64), "transformer.wte.weight").values();
    float[] other = Named.in(initialised(SHAPE, 65), "transformer.wte.weight").values();

    assertThat(Arrays.copyOf(more, tokens.length)).isEqualTo(tokens);
    assertThat(other[0]).isNotEqualTo(tokens[0]);
    assertThat(Named.in(initialised(SHAPE, 64), "lm_head.weight").values()[0])
        .isNotEqualTo(tokens[0]);
  }

  @Test
  void an_untrained_model_is_nearly_uniform() {
    Batch batch = Batch.random(SHAPE, 8, 1);
    long counted = Arrays.stream(batch.targets()).filter(target -> target >= 0).count();
    try (Kernels kernels = new CpuBackEnd(1).open(WISH);
        Gpt model = new Gpt(kernels, SHAPE, 8)) {
      model.initialise(64);

      assertThat(batch.loss(model) / counted).isCloseTo(Math.log(257), within(0.05));
    }
  }

  private static Map<String, Tensor> initialised(ModelShape shape, long seed) {
    try (Kernels kernels = new CpuBackEnd(1).open(WISH);
        Gpt model = new Gpt(kernels, shape, 1)) {
      model.initialise(seed);
      List<Tensor> tensors = model.weights();
      return tensors.stream().collect(Collectors.toMap(Tensor::name, Function.identity()));
    }
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double deviation(float[] values) {
    double mean = mean(values);
    double sum = 0;
    for (float value : values) {
      sum += (value - mean) * (value - mean);
    }
    return Math.sqrt(sum / values.length);
  }
}
