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
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The arithmetic is held to a reference and to PyTorch where the model is tested. */
class DannTests {
  private final TinyConfig config = new TinyConfig();

  DannTests() {
    config.dannLayers = "0";
    config.dannLambda = 0.5;
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
  void a_lambda_turns_what_the_model_learns_and_without_one_nothing_looks() {
    Trainers.Outcome reversing = run(1);
    config.dannLambda = 0;
    Trainers.Outcome off = run(1);
    config.dannLayers = "";
    Trainers.Outcome none = run(1);

    assertThat(weight(reversing)).isNotEqualTo(weight(none));
    assertThat(bits(off.last())).isEqualTo(bits(none.last()));
    assertThat(off.rows().get(1).values()).doesNotContainKey("train/dann_loss");
  }

  @Test
  void a_discriminator_learns_and_a_reversed_gradient_holds_it_back() {
    config.nLayer = 2;
    config.dannLayers = "0, 1";
    config.maxIters = 150;
    config.evalInterval = 150;
    config.batchSize = 16;
    config.dannLambda = 1e-6;

    double looking = mean(run(1).rows());
    config.dannLambda = 3;
    double reversed = mean(run(1).rows());

    assertThat(looking).isLessThan(0.4);
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

  /** Of the last 20 steps. */
  private static double mean(List<Row> rows) {
    return IntStream.range(130, 150).mapToDouble(step -> loss(rows, step)).average().orElseThrow();
  }

  private static double loss(List<Row> rows, int step) {
    return rows.get(step).values().getOrDefault("train/dann_loss", Double.NaN);
  }

  private static List<Integer> weight(Trainers.Outcome outcome) {
    return bits(outcome.last()).getOrDefault("transformer.h.0.attn.c_attn.weight", List.of());
  }
}
