package dev.sweeprunner.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sweeprunner.train.kernels.AdamW;
import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.Dropouts.Draw;
import dev.sweeprunner.train.kernels.Kernels;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The float32 model on a back end against the reference in double. */
abstract class GptContract {
  private static final long SEED = 64;

  /** Of no importance in float32. */
  private static final int EMBD = 12;

  private static final double LOSS_TOLERANCE = 1e-6;
  private static final double GRADIENT_TOLERANCE = 1e-5;

  private final Kernels kernels;

  GptContract(BackEnd backEnd) {
    this.kernels = backEnd.open(new BackEnd.Wish(false, EMBD, BackEnd.Wish.FEWEST_TOKENS));
  }

  @AfterEach
  void close() {
    kernels.close();
  }

  @ParameterizedTest
  @EnumSource
  void loss_and_every_gradient_agree_with_the_reference(Shapes variant) {
    checkAgainstReference(variant.shape(), 5);
  }

  @ParameterizedTest
  @EnumSource(names = {"TIED_ROPE_COMPARTMENTS_BIAS", "SHARED_LEARNED_BIAS", "DROPPED", "TOLD"})
  void they_agree_over_several_blocks_the_last_one_not_full(Shapes variant) {
    checkAgainstReference(variant.shape(), 71);
  }

  @Test
  void they_agree_where_no_size_fits_a_tile() {
    ModelShape shape = new ModelShape(1, 5, 45, 11, 1031, 515, 3, true, false, false, false, 1);

    checkAgainstReference(shape, 53);
  }

  @Test
  void they_agree_for_a_sequence_longer_than_a_block() {
    ModelShape shape = new ModelShape(1, 2, 8, 300, 9, 4, 2, false, false, false, true, 10_000);

    checkAgainstReference(shape, 2);
  }

  @Test
  void they_agree_for_more_rows_than_the_back_end_takes_at_once() {
    ModelShape shape = new ModelShape(1, 2, 8, 8, 9, 4, 2, false, false, false, false, 1);
    int rows = kernels.rowsAtOnce(8) + 7;

    checkAgainstReference(shape, rows);
  }

  @Test
  void what_is_dropped_hangs_on_the_draw_and_not_on_the_slices() {
    ModelShape shape = Shapes.DROPPED.shape();
    Batch batch = Batch.random(shape, 5, SEED);
    Draw other = new Draw(batch.draw().bits() + 1, batch.draw().firstToken());
    try (Gpt whole = loaded(shape, 5);
        Gpt sliced = loaded(shape, 2)) {
      double loss = batch.accumulate(whole, 1f);

      assertThat(batch.accumulate(sliced, 1f)).isCloseTo(loss, within(1e-6 * loss));
      assertThat(batch.with(other).accumulate(whole, 1f)).isNotCloseTo(loss, within(1e-3 * loss));
      assertThat(batch.with(other).loss(whole)).isEqualTo(batch.loss(whole));
    }
  }

  @Test
  void a_sequence_of_one_token_can_be_learned() {
    checkAgainstReference(new ModelShape(1, 2, 8, 1, 9, 4, 2, true, false, false, false, 1), 3);
  }

  @Test
  void accumulated_gradients_add_up_and_can_be_forgotten() {
    ModelShape shape = Shapes.TIED_LEARNED.shape();
    Batch batch = Batch.random(shape, 3, SEED);
    try (Gpt model = loaded(shape, 3)) {
      batch.accumulate(model, 0.5f);
      Map<String, float[]> once = values(model.gradients());
      batch.accumulate(model, 1.5f);
      Map<String, float[]> both = values(model.gradients());
      model.forget();
      List<Tensor> none = model.gradients();

      once.forEach(
          (name, gradient) -> {
            for (int i = 0; i < gradient.length; i++) {
              float tolerance = 1e-5f * Math.abs(gradient[i]) + 1e-6f;
              assertThat(Named.in(both, name)[i]).isCloseTo(4 * gradient[i], within(8 * tolerance));
            }
          });
      assertThat(none).allSatisfy(tensor -> assertThat(tensor.values()).containsOnly(0));
    }
  }

  @Test
  void ten_clipped_updates_follow_the_reference() {
    ModelShape shape = Shapes.SHARED_ROPE_COMPARTMENTS.shape();
    AdamW settings = new AdamW(0.9, 0.95, 0.1, 1.0);
    Map<String, double[]> weights = Shapes.weights(shape, SEED);
    ReferenceGpt reference = new ReferenceGpt(shape, weights);
    ReferenceAdamW optimizer = new ReferenceAdamW(settings);
    try (Gpt model = loaded(shape, 4)) {
      for (int step = 1; step <= 10; step++) {
        Batch batch = Batch.random(shape, 4, SEED + step);
        double rate = 1e-2 * step / 10;

        double expected = reference.pass(batch);
        double expectedNorm = optimizer.update(weights, reference.gradients(), rate, step);
        double loss = batch.accumulate(model, 1f);
        model.update(settings, rate, step);
        double norm = model.takeNorm();

        assertThat(loss).isCloseTo(expected, within(1e-5 * expected));
        assertThat(norm).isCloseTo(expectedNorm, within(1e-4 * expectedNorm)).isGreaterThan(1);
      }
      values(model.weights())
          .forEach((name, w) -> assertThat(distance(w, Named.in(weights, name))).isLessThan(1e-4));
    }
  }

  @Test
  void the_loss_alone_equals_that_of_a_training_pass_and_leaves_the_gradients() {
    ModelShape shape = Shapes.UNTIED_LEARNED_COMPARTMENTS_BIAS.shape();
    Batch batch = Batch.random(shape, 3, SEED);
    try (Gpt model = loaded(shape, 3)) {
      double loss = batch.loss(model);

      assertThat(model.gradients()).allSatisfy(t -> assertThat(t.values()).containsOnly(0));
      assertThat(batch.accumulate(model, 1f)).isEqualTo(loss);
    }
  }

  @Test
  void targets_that_count_nothing_give_no_loss_and_no_gradient() {
    ModelShape shape = Shapes.UNTIED_LEARNED_COMPARTMENTS_BIAS.shape();
    Batch batch = Batch.random(shape, 3, SEED);
    Arrays.fill(batch.targets(), -1);
    try (Gpt model = loaded(shape, 3)) {
      assertThat(batch.accumulate(model, 1f)).isZero();
      assertThat(model.gradients()).allSatisfy(t -> assertThat(t.values()).containsOnly(0));
    }
  }

  @Test
  void a_model_that_loads_another_ones_state_goes_on_with_the_same_bits() {
    ModelShape shape = Shapes.TIED_ROPE_COMPARTMENTS_BIAS.shape();
    AdamW settings = new AdamW(0.9, 0.95, 0.1, 1.0);
    try (Gpt first = loaded(shape, 4);
        Gpt second = new Gpt(kernels, shape, 4)) {
      Batch.random(shape, 4, 1).accumulate(first, 1f);
      first.update(settings, 1e-3, 1);
      second.load(values(first.weights()), values(first.optimizerState()));

      for (Gpt model : List.of(first, second)) {
        Batch.random(shape, 4, 2).accumulate(model, 1f);
        model.update(settings, 1e-3, 2);
      }

      assertThat(Fingerprint.of(second)).isEqualTo(Fingerprint.of(first));
    }
  }

  @Test
  void a_loaded_tensor_must_be_there_and_fit() {
    ModelShape shape = Shapes.TIED_LEARNED.shape();
    try (Gpt model = loaded(shape, 1)) {
      Map<String, float[]> weights = values(model.weights());
      Map<String, float[]> moments = values(model.optimizerState());
      moments.put("exp_avg.transformer.ln_f.weight", new float[3]);

      assertThatThrownBy(() -> model.load(weights, moments))
          .hasMessageContaining("exp_avg.transformer.ln_f.weight has 3 values")
          .hasMessageContaining("needs 12");
      weights.remove("transformer.wpe.weight");
      assertThatThrownBy(() -> model.load(weights, moments))
          .hasMessageContaining("transformer.wpe.weight is missing");
    }
  }

  @Test
  void ids_out_of_range_are_refused_with_their_place() {
    ModelShape shape = Shapes.UNTIED_LEARNED_COMPARTMENTS_BIAS.shape();
    Batch batch = Batch.random(shape, 2, SEED);
    batch.targets()[9] = 97;
    try (Gpt model = loaded(shape, 2)) {
      assertThatThrownBy(() -> batch.loss(model))
          .hasMessageContaining("target id 97 at position 9");
      batch.targets()[9] = -1;
      batch.compartments()[3] = 2;
      assertThatThrownBy(() -> batch.loss(model))
          .hasMessageContaining("compartment id 2 at position 3");
      assertThatThrownBy(() -> model.put(3, new int[0], new int[0], new int[0]))
          .hasMessageContaining("rows must be in 1..2");
    }
  }

  @Test
  void operations_per_token_count_the_products_and_not_the_lookups() {
    ModelShape untied = new ModelShape(2, 2, 8, 16, 97, 48, 2, false, false, false, false, 1);
    ModelShape tied = new ModelShape(2, 2, 8, 16, 97, 48, 2, false, true, false, false, 1);
    long products = 2 * 12 * 64 + 97 * 8;
    try (Gpt first = new Gpt(kernels, untied, 1);
        Gpt second = new Gpt(kernels, tied, 1)) {
      assertThat(first.flopsPerToken()).isEqualTo(6 * products + 12 * 2 * 8 * 16);
      assertThat(second.flopsPerToken()).isEqualTo(first.flopsPerToken());
      assertThat(first.parameterCount()).isEqualTo(products + 97 * 8 + 16 * 8 + 2 * 8 + 5 * 8);
      assertThat(second.parameterCount()).isEqualTo(first.parameterCount() - 97 * 8);
    }
  }

  private void checkAgainstReference(ModelShape shape, int rows) {
    ReferenceGpt reference = new ReferenceGpt(shape, Shapes.weights(shape, SEED));
    Batch batch = Batch.random(shape, rows, SEED);
    double expected = reference.pass(batch);
    try (Gpt model = loaded(shape, rows)) {
      double loss = batch.accumulate(model, 1f);

      assertThat(loss).isCloseTo(expected, within(LOSS_TOLERANCE * expected));
      assertTellingAgrees(model, reference);
      Map<String, float[]> gradients = values(model.gradients());
      assertThat(gradients.keySet()).isEqualTo(reference.gradients().keySet());
      gradients.forEach(
          (name, gradient) ->
              assertThat(distance(gradient, Named.in(reference.gradients(), name)))
                  .as("relative error of the gradient of %s", name)
                  .isLessThan(GRADIENT_TOLERANCE));
    }
  }

  private static void assertTellingAgrees(Gpt model, ReferenceGpt reference) {
    Adversary adversary = reference.shape().adversary();
    OptionalDouble telling = model.takeTelling();
    assertThat(telling.isPresent()).isEqualTo(adversary != null);
    if (adversary != null) {
      double expected = reference.telling();
      assertThat(telling).hasValueCloseTo(expected, within(LOSS_TOLERANCE * expected));
    }
  }

  private Gpt loaded(ModelShape shape, int rows) {
    Gpt model = new Gpt(kernels, shape, rows);
    Shapes.load(model, Shapes.weights(shape, SEED));
    return model;
  }

  private static Map<String, float[]> values(List<Tensor> tensors) {
    return new HashMap<>(tensors.stream().collect(Collectors.toMap(Tensor::name, Tensor::values)));
  }

  /** |a − b| / |b| */
  private static double distance(float[] a, double[] b) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < b.length; i++) {
      difference += (a[i] - b[i]) * (a[i] - b[i]);
      size += b[i] * b[i];
    }
    return Math.sqrt(difference / size);
  }
}
