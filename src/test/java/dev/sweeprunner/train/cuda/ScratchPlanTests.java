package dev.sweeprunner.train.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.train.kernels.Buffer.Tokens;
import org.junit.jupiter.api.Test;

class ScratchPlanTests {
  private static final int ROWS = 2048;
  private static final int LENGTH = 64;
  private static final int N = ROWS * LENGTH;
  private static final int VOCABULARY = 3 * 16384 + 1;

  @Test
  void nothing_needs_nothing() {
    assertThat(new ScratchPlan(DataType.BFLOAT16).bytes()).isZero();
  }

  @Test
  void the_fused_heads_partial_gradients_per_quantum_decide() {
    long partial = 16L * VOCABULARY * 32 * Float.BYTES;

    assertThat(recipe(DataType.BFLOAT16, 32).bytes())
        .isBetween(partial + 2L * N * Float.BYTES, partial + 2L * N * Float.BYTES + 512);
  }

  @Test
  void the_float32_head_keeps_the_logits_of_a_chunk() {
    long logits = 1024L * VOCABULARY * Float.BYTES;
    long others = (long) N * Float.BYTES + (long) VOCABULARY * 32 * Float.BYTES;

    assertThat(recipe(DataType.FLOAT32, 32).bytes())
        .isBetween(logits + others, logits + others + 768);
  }

  @Test
  void the_partial_gradients_of_a_weight_are_held_within_bounds() {
    var plan = new ScratchPlan(DataType.FLOAT32);
    plan.activation(ROWS, LENGTH, 1);
    plan.matrix(4096, 1024);

    assertThat(plan.bytes()).isEqualTo(4L * 4096 * 1024 * Float.BYTES);
  }

  @Test
  void a_weight_that_exceeds_the_bounds_takes_one_quantum_at_a_time() {
    var plan = new ScratchPlan(DataType.FLOAT32);
    plan.activation(ROWS, LENGTH, 1);
    plan.matrix(16384, 4096);

    assertThat(plan.bytes()).isEqualTo(16384L * 4096 * Float.BYTES);
  }

  private static ScratchPlan recipe(DataType products, int embd) {
    var plan = new ScratchPlan(products);
    plan.matrix(VOCABULARY, embd);
    plan.matrix(4 * embd, embd);
    plan.activation(ROWS, LENGTH, 4 * embd);
    plan.tokens(new Tokens.Ranges(VOCABULARY, VOCABULARY, 3));
    return plan;
  }
}
