package dev.sweeprunner.train;

import static dev.sweeprunner.train.Trainers.bits;
import static dev.sweeprunner.train.Trainers.finish;
import static dev.sweeprunner.train.Trainers.trainer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.TrainingFailure;
import dev.sweeprunner.train.checkpoint.TrainingState;
import dev.sweeprunner.train.data.ShardFiles;
import dev.sweeprunner.train.model.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tokens are tied is tested with the data. */
class TokenTyingTests {
  @TempDir private Path folder;
  private final TinyConfig config = new TinyConfig();

  @Test
  void the_model_has_rows_for_the_compact_vocabulary_alone() {
    tied(0.4); // 2 of 5 uniform tokens

    Trainers.Outcome outcome = run();

    assertThat(tensor(outcome.last(), "lm_head.weight").shape()).containsExactly(5 + 2 + 1, 8);
    assertThat(tensor(outcome.last(), "transformer.wte.weight").shape()).containsExactly(8, 8);
  }

  @Test
  void one_table_for_all_compartments_has_a_row_for_each_base_token() {
    tied(0.4);
    config.sharedTokenEmbeddings = true;

    Trainers.Outcome outcome = run();

    assertThat(tensor(outcome.last(), "lm_head.weight").shape()).containsExactly(8, 8);
    assertThat(tensor(outcome.last(), "transformer.wte.weight").shape()).containsExactly(6, 8);
  }

  @Test
  void copies_are_of_the_rows_of_the_same_tokens() {
    tied(0.4); // untied 3 and 4: ids 5 and 6
    config.copyEmbeddings = true;
    config.maxIters = 0;

    float[] table = tensor(run().last(), "transformer.wte.weight").values();

    assertThat(row(table, 5)).isEqualTo(row(table, 3));
    assertThat(row(table, 6)).isEqualTo(row(table, 4)).isNotEqualTo(row(table, 7));
  }

  @Test
  void a_translation_is_nearly_told_where_most_tokens_are_tied() {
    config.maxIters = 150;
    config.evalInterval = 150;
    config.batchSize = 32;
    config.nEmbd = 16;
    config.ratio = 1;
    double untied = last();
    tied(0);
    config.compartmentEmbeddings = true;
    double tied = last();

    assertThat(untied).isGreaterThan(1);
    assertThat(tied).isLessThan(untied - 0.1);
  }

  @Test
  void other_tied_tokens_are_other_data_to_a_checkpoint() throws IOException {
    int[] tokens = IntStream.range(0, 997).map(i -> i * i % 5).toArray(); // 1 and 4 most often
    config.source = "pretokenized";
    config.trainBin = ShardFiles.narrow(folder.resolve("train.bin"), tokens).toString();
    tied(0.4);
    Snapshot base;
    try (Training.Session session = trainer().start(config.build(), null)) {
      session.train(k -> k == 3, Optional::empty, row -> {}, k -> {});
      base = session.snapshot();
    }
    try (Training.Session session = trainer().start(config.build(), base)) {
      assertThat(bits(finish(session).last())).isEqualTo(bits(run().last()));
    }

    int[] others = IntStream.of(tokens).map(token -> 4 - token).toArray();
    ShardFiles.narrow(folder.resolve("train.bin"), others);

    assertThatThrownBy(() -> trainer().start(config.build(), base))
        .isInstanceOf(TrainingFailure.class)
        .hasMessageContaining("The training data changed since the checkpoint")
        .hasMessageContaining("tying");
  }

  private void tied(double ratio) {
    config.tokenTying = "top_k";
    config.tyingRatio = ratio;
  }

  private double last() {
    List<Row> rows = run().rows();
    return rows.get(rows.size() - 1).values().getOrDefault("val/translation_loss", 99.0);
  }

  private Trainers.Outcome run() {
    try (Training.Session session = trainer().start(config.build(), null)) {
      return finish(session);
    }
  }

  private static Tensor tensor(Snapshot snapshot, String name) {
    return ((TrainingState) snapshot)
        .tensors().weights().stream()
            .filter(tensor -> tensor.name().equals(name))
            .findFirst()
            .orElseThrow();
  }

  private static List<Float> row(float[] table, int row) {
    return IntStream.range(8 * row, 8 * row + 8).mapToObj(i -> table[i]).toList();
  }
}
