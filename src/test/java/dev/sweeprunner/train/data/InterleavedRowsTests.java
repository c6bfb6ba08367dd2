package dev.sweeprunner.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.train.TinyConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Translations whose two compartments take turns. */
class InterleavedRowsTests {
  private final TinyConfig config = new TinyConfig();

  @Test
  void a_row_written_out() {
    config.vocabSize = 10;
    config.blockSize = 12;
    config.chunkSize = 3;

    Batch batch = rows(new RowKind(1, 0), IntStream.range(0, 12).toArray());

    // 11 positions after TRANS: a whole pair of 3 and 3, then 3 of the source and 2 of 3.
    assertThat(batch.inputs()).containsExactly(20, 10, 11, 12, 0, 1, 2, 13, 14, 15, 3, 4);
    assertThat(batch.targets()).containsExactly(10, 11, 12, 0, 1, 2, 13, 14, 15, 3, 4, -1);
    assertThat(batch.compartments()).containsExactly(1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0);
  }

  @Test
  void every_length_and_chunk_is_what_writing_chunk_after_chunk_gives() {
    int[] tokens = IntStream.range(0, 40).toArray();
    for (int length = 3; length <= 34; length++) {
      for (int chunk = 1; chunk <= length - 2; chunk++) {
        RowLayout layout = RowLayout.interleaved(length, chunk);
        List<Integer> expected = new ArrayList<>(List.of(1000));
        int used = 0;
        while (expected.size() < length) {
          for (int compartment = 0; compartment < 2; compartment++) {
            for (int i = 0; i < chunk && expected.size() < length; i++) {
              expected.add(100 * compartment + tokens[used + i]);
            }
          }
          used += chunk;
        }

        List<Integer> written = new ArrayList<>();
        for (int p = 0; p < length; p++) {
          written.add(
              layout.opens(p) ? 1000 : (layout.isDestination(p) ? 100 : 0) + layout.token(p));
        }

        assertThat(written).as("length %d, chunk %d", length, chunk).isEqualTo(expected);
        assertThat(layout.count()).isEqualTo(1 + tokenOf(expected));
      }
    }
  }

  @Test
  void inputs_may_stay_unpermuted_while_targets_are_permuted() {
    config.permute = true;
    config.permuteInputs = false;
    config.chunkSize = 2;
    Vocabulary vocabulary = Vocabulary.of(5, config.build().experiment());

    Batch batch = rows(new RowKind(0, 1), 4, 2, 0, 1);

    assertThat(batch.inputs()).containsExactly(5, 4, 2, 4, 2, 0, 1, 0);
    assertThat(batch.targets())
        .containsExactly(
            vocabulary.output(4, 0),
            vocabulary.output(2, 0),
            vocabulary.output(4, 1),
            vocabulary.output(2, 1),
            vocabulary.output(0, 0),
            vocabulary.output(1, 0),
            vocabulary.output(0, 1),
            -1);
  }

  @Test
  void the_mode_changes_translations_and_nothing_else() {
    config.vocabSize = 100;
    config.ratio = 0.5;
    config.chunkSize = 2;
    Batch standard = training();
    config.translationMode = "interleaved";
    Batch interleaved = training();

    int translations = 0;
    for (int row = 0; row < 64; row++) {
      int[] before = row(standard, row);
      int[] after = row(interleaved, row);
      if (before[0] != 200) {
        assertThat(after).isEqualTo(before);
        continue;
      }
      translations++;
      int shift = before[5] - before[1];
      assertThat(after)
          .containsExactly(
              200,
              before[1],
              before[2],
              before[1] + shift,
              before[2] + shift,
              before[3],
              after[6],
              before[3] + shift);
      assertThat(after[6] / 100).as("of the source").isEqualTo(before[1] / 100);
    }
    assertThat(translations).isBetween(20, 44);
  }

  @Test
  void the_translation_loss_counts_what_a_source_has_told() {
    config.translationMode = "interleaved";
    config.vocabSize = 100;
    config.chunkSize = 3;
    config.ratio = 0;
    List<Evaluation> evaluations = open().evaluations();
    Batch translations = new Batch(16, 8);

    evaluations.get(0).fill(0, 0, translations);

    assertThat(evaluations)
        .extracting(Evaluation::metric)
        .containsExactly("val/translation_loss", "val/plain_loss");
    for (int row = 0; row < 16; row++) {
      int[] inputs = row(translations, row);
      assertThat(Arrays.copyOfRange(translations.targets(), row * 8, row * 8 + 8))
          .containsExactly(-1, -1, -1, inputs[4], inputs[5], inputs[6], -1, -1);
      assertThat(inputs[4] % 100).isEqualTo(inputs[1] % 100);
      assertThat(inputs[4] / 100).isNotEqualTo(inputs[1] / 100);
    }
  }

  private static int tokenOf(List<Integer> written) {
    return written.stream().filter(w -> w < 1000).mapToInt(w -> w % 100).max().orElseThrow();
  }

  private Batch rows(RowKind kind, int... tokens) {
    config.translationMode = "interleaved";
    RowLayout layout = RowLayout.translation(config.build());
    int base = Objects.requireNonNull(config.vocabSize);
    Vocabulary vocabulary = Vocabulary.of(base, config.build().experiment());
    Batch batch = new Batch(1, layout.length());
    new RowBuilder(vocabulary, layout).build(kind, tokens, tokens, batch, 0);
    return batch;
  }

  private Batch training() {
    Batch batch = new Batch(64, 8);
    open().training(0, batch);
    return batch;
  }

  private RunData open() {
    return RunData.open(config.build(), relative -> List.<Path>of());
  }

  private static int[] row(Batch batch, int row) {
    return Arrays.copyOfRange(batch.inputs(), row * 8, row * 8 + 8);
  }
}
