package dev.sweeprunner.train;

import static dev.sweeprunner.train.Trainers.bits;
import static dev.sweeprunner.train.Trainers.finish;
import static dev.sweeprunner.train.Trainers.trainer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Training;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The arithmetic is held to a reference and to PyTorch where the model is tested. */
class DropoutTests {
  private final TinyConfig config = new TinyConfig();

  @Test
  void it_changes_training_and_leaves_evaluations_whole() {
    List<Row> without = run(1).rows();
    config.dropout = 0.4;
    List<Row> with = run(1).rows();

    assertThat(first(with, "val/plain_loss")).isEqualTo(first(without, "val/plain_loss"));
    assertThat(first(with, "val/translation_loss"))
        .isEqualTo(first(without, "val/translation_loss"));
    assertThat(first(with, "train/loss")).isNotEqualTo(first(without, "train/loss"));
  }

  @Test
  void one_thread_and_two_give_the_same_bits() {
    config.dropout = 0.4;
    config.blockSize = 64;
    config.batchSize = 40; // enough for the threads to share

    assertThat(bits(run(2).last())).isEqualTo(bits(run(1).last()));
  }

  @Test
  void each_iteration_drops_others() {
    config.dropout = 0.4;
    config.learningRate = 0;
    config.vocabSize = 1; // all rows are equal
    config.compartments = 1;
    config.ratio = 0;
    config.maxIters = 3;

    List<Row> rows = run(1).rows();

    assertThat(rows.subList(0, 3))
        .extracting(row -> row.values().get("train/loss"))
        .doesNotHaveDuplicates();
  }

  @Test
  void a_model_learns_with_it() {
    config.dropout = 0.1;
    config.learningRate = 1e-2;
    config.maxIters = 100;
    config.evalInterval = 100;
    config.nEmbd = 16;
    config.batchSize = 32;

    List<Row> rows = run(1).rows();

    double last = rows.get(rows.size() - 1).values().getOrDefault("val/translation_loss", 99.0);
    assertThat(first(rows, "val/translation_loss") - last).isGreaterThan(0.5);
  }

  private Trainers.Outcome run(int threads) {
    try (Training.Session session =
        trainer(threads, new ArrayList<>()).start(config.build(), null)) {
      return finish(session);
    }
  }

  private static double first(List<Row> rows, String metric) {
    return rows.get(0).values().getOrDefault(metric, Double.NaN);
  }
}
