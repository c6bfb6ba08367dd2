package dev.sweeprunner.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.run.TrainingFailure;
import dev.sweeprunner.train.TinyConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDataTests {
  @TempDir Path folder;

  private final TinyConfig config = new TinyConfig();

  @Test
  void a_pretokenized_row_starts_at_its_index_times_the_length() throws IOException {
    pretokenized(50);
    config.ratio = 0;
    config.compartments = 1;

    RunData data = open();
    Batch batch = new Batch(3, 8);
    data.training(5, batch);

    assertThat(batch.inputs())
        .containsExactly(
            40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
    assertThat(data.offsets(7)).isEqualTo(Map.of("train", 6L));
  }

  @Test
  void the_split_into_micro_batches_changes_no_row() throws IOException {
    pretokenized(977);
    for (String source : List.of("pretokenized", "uniform")) {
      config.source = source;
      Batch whole = new Batch(8, 8);
      Batch half = new Batch(4, 8);

      RunData data = open();
      data.training(16, whole);
      data.training(20, half);

      assertThat(half.inputs()).isEqualTo(Arrays.copyOfRange(whole.inputs(), 32, 64));
      assertThat(half.targets()).isEqualTo(Arrays.copyOfRange(whole.targets(), 32, 64));
      assertThat(half.compartments()).isEqualTo(Arrays.copyOfRange(whole.compartments(), 32, 64));
    }
  }

  @Test
  void the_rows_of_a_whole_run_have_exactly_the_mix() throws IOException {
    pretokenized(977);
    config.maxIters = 100;
    config.batchSize = 5;
    config.accumulation = 2;
    config.ratio = 0.2;

    assertThat(kinds(open(), 1000)).isEqualTo(Map.of("00", 400, "11", 400, "01", 100, "10", 100));
  }

  @Test
  void uniform_kinds_are_drawn_near_the_mix() {
    config.ratio = 0.2;

    Map<String, Integer> kinds = kinds(open(), 20_000);

    assertThat(kinds.get("00")).isBetween(7700, 8300);
    assertThat(kinds.get("11")).isBetween(7700, 8300);
    assertThat(kinds.get("01")).isBetween(1850, 2150);
    assertThat(kinds.get("10")).isBetween(1850, 2150);
  }

  @Test
  void uniform_tokens_are_uniform_and_follow_the_seed() {
    config.ratio = 0;
    config.compartments = 1;
    Batch batch = new Batch(2500, 8);

    open().training(0, batch);
    int[] counts = new int[5];
    Arrays.stream(batch.inputs()).forEach(token -> counts[token]++);
    int[] first = batch.inputs().clone();
    config.seed = 65;
    open().training(0, batch);

    Arrays.stream(counts).forEach(count -> assertThat(count).isBetween(3800, 4200));
    assertThat(batch.inputs()).isNotEqualTo(first);
  }

  @Test
  void uniform_data_are_evaluated_on_translations_and_on_plain_rows() {
    config.ratio = 0;
    List<Evaluation> evaluations = open().evaluations();
    Batch translations = new Batch(4, 8);
    Batch plain = new Batch(4, 8);

    evaluations.get(0).fill(0, 1, translations);
    evaluations.get(1).fill(0, 1, plain);

    assertThat(evaluations)
        .extracting(Evaluation::metric)
        .containsExactly("val/translation_loss", "val/plain_loss");
    for (int row = 0; row < 4; row++) {
      int start = row * 8;
      assertThat(translations.inputs()[start]).isEqualTo(10);
      assertThat(translations.inputs()[start + 4]).isEqualTo(10);
      assertThat(plain.inputs()[start]).isLessThan(10);
      for (Batch batch : List.of(translations, plain)) {
        int[] targets = batch.targets();
        assertThat(Arrays.copyOfRange(targets, start, start + 4)).containsOnly(-1);
        assertThat(Arrays.copyOfRange(targets, start + 4, start + 7))
            .isEqualTo(Arrays.copyOfRange(batch.inputs(), start + 5, start + 8));
        assertThat(targets[start + 7]).isEqualTo(-1);
      }
    }
  }

  @Test
  void one_compartment_has_no_translation_loss() {
    config.ratio = 0;
    config.compartments = 1;

    List<Evaluation> evaluations = open().evaluations();

    assertThat(evaluations).extracting(Evaluation::metric).containsExactly("val/plain_loss");
    assertThat(evaluations.get(0).decides()).isTrue();
  }

  @Test
  void a_uniform_evaluation_is_the_same_each_time_and_no_training_row() {
    config.vocabSize = 1000;
    Batch first = new Batch(4, 8);
    Batch again = new Batch(4, 8);
    Batch training = new Batch(4, 8);
    RunData data = open();

    data.evaluations().get(1).fill(0, 0, first);
    data.evaluations().get(1).fill(40, 0, again);
    config.ratio = 0;
    open().training(0, training);

    assertThat(again.inputs()).isEqualTo(first.inputs());
    assertThat(IntStream.range(0, 32).filter(i -> first.inputs()[i] == training.inputs()[i]))
        .hasSizeLessThan(4);
  }

  @Test
  void validation_restarts_each_time_and_training_rows_are_drawn_anew() throws IOException {
    pretokenized(977);
    config.valBin = ShardFiles.wide(folder.resolve("val.bin"), run(100)).toString();
    config.ratio = 0;
    config.compartments = 1;
    List<Evaluation> evaluations = open().evaluations();
    Batch early = new Batch(2, 8);
    Batch late = new Batch(2, 8);

    evaluations.get(0).fill(0, 0, early);
    evaluations.get(0).fill(2, 0, late);
    int[] drawn = early.inputs().clone();
    int[] drawnLater = late.inputs().clone();
    evaluations.get(0).fill(0, 0, late);
    int[] drawnAgain = late.inputs().clone();
    evaluations.get(1).fill(0, 1, early);
    evaluations.get(1).fill(2, 1, late);

    assertThat(evaluations)
        .extracting(Evaluation::metric)
        .containsExactly("eval/train_loss", "val/loss");
    assertThat(drawnLater).isNotEqualTo(drawn);
    assertThat(drawnAgain).isEqualTo(drawn);
    assertThat(early.inputs()).containsExactly(run(16, 16));
    assertThat(late.inputs()).isEqualTo(early.inputs());
  }

  @Test
  void without_a_validation_set_there_is_no_evaluation() throws IOException {
    pretokenized(50);

    assertThat(open().evaluations()).isEmpty();
  }

  @Test
  void missing_files_are_named_with_the_places_tried() throws IOException {
    pretokenized(50);
    config.valBin = "val_*.bin";

    assertThat(RunData.missing(config.build(), places()))
        .hasValueSatisfying(
            sentence ->
                assertThat(sentence)
                    .startsWith("data.val_bin: no file matches val_*.bin; tried [")
                    .contains(folder.resolve("val_*.bin").toString()));
    config.valBin = null;
    assertThat(RunData.missing(config.build(), places())).isEmpty();
  }

  @Test
  void a_token_outside_the_vocabulary_stops_the_run_that_reads_it() throws IOException {
    pretokenized(50);
    config.vocabSize = 45;
    RunData data = open();

    assertThatThrownBy(() -> data.training(5, new Batch(1, 8)))
        .isInstanceOf(TrainingFailure.class)
        .hasMessageContaining("train_1.bin, byte 1204: token 45 is not below vocabulary size 45");
  }

  @Test
  void the_vocabulary_grows_with_the_compartments_in_offset_mode_only() {
    config.compartments = 3;

    assertThat(RunData.vocabularySize(config.build())).isEqualTo(16);
    config.permute = true;
    assertThat(RunData.vocabularySize(config.build())).isEqualTo(6);
  }

  private void pretokenized(int tokens) throws IOException {
    ShardFiles.wide(folder.resolve("train_1.bin"), run(tokens));
    config.source = "pretokenized";
    config.trainBin = "train_*.bin";
    config.vocabSize = 1000;
  }

  private static int[] run(int tokens) {
    return run(0, tokens);
  }

  private static int[] run(int from, int tokens) {
    return IntStream.range(from, from + tokens).toArray();
  }

  private static Map<String, Integer> kinds(RunData data, int rows) {
    Batch batch = new Batch(rows, 8);
    data.training(0, batch);
    Map<String, Integer> kinds = new HashMap<>();
    for (int row = 0; row < rows; row++) {
      String kind = batch.compartments()[row * 8] + "" + batch.compartments()[row * 8 + 7];
      kinds.merge(kind, 1, Integer::sum);
    }
    return kinds;
  }

  private RunData open() {
    return RunData.open(config.build(), places());
  }

  private java.util.function.Function<String, List<Path>> places() {
    return relative -> List.of(folder.resolve(relative));
  }
}
