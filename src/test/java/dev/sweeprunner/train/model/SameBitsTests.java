package dev.sweeprunner.train.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.train.cpu.CpuBackEnd;
import dev.sweeprunner.train.cpu.VectorApi;
import dev.sweeprunner.train.kernels.AdamW;
import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.kernels.Kernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The promise behind every resume: the bits hang on the numbers only. */
class SameBitsTests {
  private static final BackEnd.Wish WISH = new BackEnd.Wish(false, 44, BackEnd.Wish.MOST_TOKENS);
  private static final int STEPS = 6;
  private static final int ROWS = 70;

  /** All tensors after {@link #STEPS} steps. Another value means another {@code version()}. */
  private static final String RECORDED =
      "bc758f5dbbf71374a11544effbfbcbee2f5005ca9da9b7a447a3e087c94897af";

  private static final String RECORDED_START =
      "44e4c125c7491d08fe4de66e4a4c54012f40b1dc2c45ff26cf231672a63841cc";

  private static final ModelShape SHAPE =
      new ModelShape(2, 2, 44, 16, 1031, 515, 2, true, false, false, true, 10_000);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void any_number_of_threads_gives_the_recorded_bits(int threads) {
    assertThat(trained(new CpuBackEnd(threads))).isEqualTo(RECORDED);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void the_vector_api_gives_the_recorded_bits(int threads) {
    assertThat(trained(VectorApi.backEnd(threads))).isEqualTo(RECORDED);
  }

  @Test
  void a_seed_gives_the_recorded_first_values() {
    try (Kernels kernels = new CpuBackEnd(1).open(WISH);
        Gpt model = new Gpt(kernels, SHAPE, 1)) {
      model.initialise(64);

      assertThat(Fingerprint.of(model)).isEqualTo(RECORDED_START);
    }
  }

  @Test
  void another_models_garbage_in_the_scratch_memory_changes_nothing() {
    Batch batch = Batch.random(SHAPE, 5, 1);
    try (Kernels kernels = new CpuBackEnd(2).open(WISH);
        Gpt model = new Gpt(kernels, SHAPE, 5);
        Gpt broken = new Gpt(kernels, SHAPE, 5)) {
      model.initialise(64);
      double before = batch.accumulate(model, 1f);
      broken.initialise(64);
      batch.accumulate(broken, Float.NaN);
      broken.update(new AdamW(0.9, 0.95, 0.1, 1.0), 1e-3, 1);

      assertThat(batch.accumulate(broken, 1f)).isNaN();
      assertThat(batch.accumulate(model, 1f)).isEqualTo(before);
    }
  }

  private static String trained(BackEnd cpu) {
    try (Kernels kernels = cpu.open(WISH);
        Gpt model = new Gpt(kernels, SHAPE, ROWS)) {
      model.initialise(64);
      for (int step = 1; step <= STEPS; step++) {
        Batch.random(SHAPE, ROWS, step).accumulate(model, 1f / (ROWS * SHAPE.blockSize()));
        model.update(new AdamW(0.9, 0.95, 0.1, 1.0), 1e-3, step);
      }
      return Fingerprint.of(model);
    }
  }
}
