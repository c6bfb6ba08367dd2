package dev.sweeprunner.train;

import static dev.sweeprunner.train.Trainers.bits;
import static dev.sweeprunner.train.Trainers.finish;
import static dev.sweeprunner.train.Trainers.trainer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.train.checkpoint.TrainingState;
import dev.sweeprunner.train.model.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The arithmetic is held to a reference and to PyTorch where the model is tested. */
class DannTests {
  private final TinyConfig config = new TinyConfig();

  DannTests() {
    config.dannLayers = "0";
    config.gradClip = 0;
  }

  @Test
  void each_row_tells_the_discriminators_loss_which_begins_at_chance() {
    List<Row> rows = run(1).rows();

    assertThat(rows.get(1).values().keySet())
        .containsExactly("train/loss", "train/dann_loss", "lr");
    assertThat(loss(rows, 0)).isCloseTo(Math.log(2), within(0.01));
    assertThat(rows.get(6).values()).doesNotContainKey("train/dann_loss");
  }

  @Test
  void a_discriminator_without_lambda_looks_and_changes_nothing() {
    Trainers.Outcome looking = run(1);
    config.dannLambda = 0.5;
    Trainers.Outcome reversing = run(1);
    config.dannLambda = 0;
    config.dannLayers = "";
    Trainers.Outcome none = run(1);

    assertThat(loss(looking.rows(), 5)).isNotNaN();
    assertThat(weight(looking)).isEqualTo(weight(none));
    assertThat(weight(reversing)).isNotEqualTo(weight(none));
  }

  @Test
  void a_discriminator_learns_and_a_reversed_gradient_holds_it_back() {
    config.nLayer = 2;
    config.dannLayers = "0, 1";
    config.maxIters = 150;
    config.evalInterval = 150;
    config.batchSize = 16;

    double looking = loss(run(1).rows(), 149);
    config.dannLambda = 1;
    double reversed = loss(run(1).rows(), 149);

    assertThat(looking).isLessThan(0.2);
    assertThat(reversed).isGreaterThan(looking + 0.1);
  }

  @Test
  void discriminators_are_parameters_like_others() {
    config.nLayer = 2;
    config.dannLayers = "1";
    config.dannHidden = 5;

    TrainingState state = (TrainingState) run(1).last();

    List<String> names = state.tensors().weights().stream().map(Tensor::name).toList();
    assertThat(names)
        .endsWith(
            "dann.1.c_fc.weight", "dann.1.c_fc.bias", "dann.1.c_out.weight", "dann.1.c_out.bias");
    assertThat(state.tensors().optimizer())
        .extracting(Tensor::name)
        .contains("exp_avg.dann.1.c_fc.weight", "exp_avg_sq.dann.1.c_out.bias");
    long trained =
        state.tensors().weights().stream().mapToLong(tensor -> tensor.values().length).sum();
    assertThat(Models.parameters(Models.shape(config.build()))).isEqualTo(trained);
  }

  @Test
  void one_thread_and_two_give_the_same_bits() {
    config.dannLambda = 0.5;
    config.dannHidden = 12;
    config.blockSize = 64;
    config.batchSize = 40;

    assertThat(bits(run(2).last())).isEqualTo(bits(run(1).last()));
  }

  private Trainers.Outcome run(int threads) {
    try (Training.Session session =
        trainer(threads, new ArrayList<>()).start(config.build(), null)) {
      return finish(session);
    }
  }

  private static double loss(List<Row> rows, int step) {
    return rows.get(step).values().getOrDefault("train/dann_loss", Double.NaN);
  }

  private static List<Integer> weight(Trainers.Outcome outcome) {
    return bits(outcome.last()).getOrDefault("transformer.h.0.attn.c_attn.weight", List.of());
  }
}
