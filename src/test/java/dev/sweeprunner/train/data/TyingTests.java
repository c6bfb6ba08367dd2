package dev.sweeprunner.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.run.TrainingFailure;
import dev.sweeprunner.train.TinyConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TyingTests {
  @TempDir private Path folder;
  private final TinyConfig config = new TinyConfig();

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        // counts 1, 6, 3, 0, 10: descending 4, 1, 2, 0, 3
        "top_k; 0.0; ",
        "top_k; 0.04; 3",
        "top_k; 0.05; 0 3",
        "top_k; 0.2; 0 2 3",
        "top_k; 0.21; 0 2 3",
        "top_k; 0.99; 0 1 2 3",
        "top_k; 1.0; 0 1 2 3 4",
        "bottom_k; 0.0; ",
        "bottom_k; 0.49; ",
        "bottom_k; 0.5; 4",
        "bottom_k; 0.51; 4",
        "bottom_k; 0.8; 1 4",
        "bottom_k; 1.0; 0 1 2 3 4",
      })
  void the_untied_hold_at_most_the_ratio_of_all_counted_tokens(
      String mode, double ratio, String untied) {
    assertThat(untied(mode, ratio, 1, 6, 3, 0, 10)).isEqualTo(untied == null ? "" : untied);
  }

  @Test
  void of_equally_frequent_tokens_the_lower_are_tied_first() {
    assertThat(untied("top_k", 0.5, 1, 1, 1, 1)).isEqualTo("2 3");
    assertThat(untied("bottom_k", 0.5, 1, 1, 1, 1)).isEqualTo("2 3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"top_k", "bottom_k"})
  void no_token_is_tied_that_need_not_be(String mode) {
    long seed = 20261130;
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      long[] counts = random.longs(2 + random.nextInt(40), 1, 50).toArray();
      config.tokenTying = mode;
      config.tyingRatio = (1 + random.nextInt(99)) / 100.0;
      List<Integer> untied = Tying.of(config.build().experiment(), counts).untied();

      double most = config.tyingRatio * Arrays.stream(counts).sum() + 1e-9;
      long held = untied.stream().mapToLong(token -> counts[token]).sum();
      LongStream tied =
          IntStream.range(0, counts.length)
              .filter(t -> !untied.contains(t))
              .mapToLong(t -> counts[t]);
      long last = (mode.equals("top_k") ? tied.min() : tied.max()).orElseThrow();
      assertThat((double) held).as("seed %d", seed).isLessThanOrEqualTo(most);
      assertThat((double) held + last).as("seed %d", seed).isGreaterThan(most);
    }
  }

  @Test
  void the_compact_vocabulary_has_one_id_for_the_tied_and_one_each_for_the_others() {
    config.compartments = 3;
    config.permute = false;
    Vocabulary vocabulary = vocabulary("top_k", 0.2, 1, 6, 3, 0, 10); // untied 0 2 3

    assertThat(vocabulary.size()).isEqualTo(5 + 2 * 3 + 1);
    assertThat(vocabulary.translationToken()).isEqualTo(11);
    assertThat(ids(vocabulary, 0, 5)).containsExactly(0, 1, 2, 3, 4);
    assertThat(ids(vocabulary, 1, 5)).containsExactly(5, 1, 6, 7, 4);
    assertThat(ids(vocabulary, 2, 5)).containsExactly(8, 1, 9, 10, 4);
    assertThat(vocabulary.untied()).containsExactly(0, 2, 3);
    assertThat(vocabulary.input(2, 2)).isEqualTo(9);
  }

  @Test
  void permutations_leave_the_tied_where_they_are_and_move_the_others_among_themselves() {
    config.compartments = 4;
    config.permute = true;
    long[] counts = new long[30];
    Arrays.setAll(counts, token -> token + 1);
    Vocabulary vocabulary = vocabulary("bottom_k", 0.6, counts);
    config.tokenTying = "bottom_k";
    List<Integer> untied = Tying.of(config.build().experiment(), counts).untied();

    assertThat(vocabulary.size()).isEqualTo(31);
    assertThat(vocabulary.untied()).isEmpty();
    Set<List<Integer>> different = new HashSet<>();
    for (int c = 0; c < 4; c++) {
      List<Integer> ids = ids(vocabulary, c, 30);
      different.add(ids);
      assertThat(ids).containsExactlyInAnyOrderElementsOf(ids(vocabulary, 0, 30));
      for (int token = 0; token < 30; token++) {
        assertThat(untied.contains(ids.get(token))).isEqualTo(untied.contains(token));
        if (!untied.contains(token)) {
          assertThat(ids.get(token)).isEqualTo(token);
        }
      }
    }
    assertThat(different).hasSize(4);
  }

  @Test
  void where_nothing_is_tied_ids_are_as_without_tying() {
    for (boolean permuted : new boolean[] {false, true}) {
      config.permute = permuted;
      config.tokenTying = "none";
      Vocabulary without = Vocabulary.of(5, config.build().experiment());
      Vocabulary with = vocabulary("top_k", 1.0, 1, 6, 3, 2, 10);

      assertThat(with.size()).isEqualTo(without.size());
      for (int c = 0; c < 2; c++) {
        assertThat(ids(with, c, 5)).isEqualTo(ids(without, c, 5));
      }
    }
  }

  @Test
  void tokens_are_counted_in_the_first_shards_of_training() throws IOException {
    pretokenized();
    ShardFiles.narrow(folder.resolve("a.bin"), 0, 0, 0, 1, 1, 2);
    ShardFiles.narrow(folder.resolve("b.bin"), 2, 2, 2, 2, 2, 2);

    assertThat(open().untied()).containsExactly(0);
    config.tyingShards = 2;
    RunData both = open();
    assertThat(both.untied()).containsExactly(2);
    assertThat(both.vocabularySize()).isEqualTo(3 + 1 + 1);
    config.tyingShards = 9;
    assertThat(open().untied()).containsExactly(2);
  }

  @Test
  void a_changed_file_is_counted_anew_and_a_checkpoint_notices() throws IOException {
    pretokenized();
    Path shard = ShardFiles.narrow(folder.resolve("a.bin"), 0, 0, 0, 1, 1, 2, 2);
    RunData before = open();

    ShardFiles.narrow(shard, 0, 0, 1, 1, 1);
    RunData after = open();

    assertThat(after.untied()).containsExactly(1);
    assertThat(before.offsets(0)).containsKeys("train", "tying");
    assertThat(after.offsets(0).get("tying")).isNotEqualTo(before.offsets(0).get("tying"));
    assertThat(open().offsets(0)).isEqualTo(after.offsets(0));
  }

  @Test
  void a_token_beyond_the_vocabulary_is_told_of() throws IOException {
    pretokenized();
    ShardFiles.narrow(folder.resolve("a.bin"), 0, 7);

    assertThatThrownBy(this::open)
        .isInstanceOf(TrainingFailure.class)
        .hasMessageContaining("token 7 is not below vocabulary size 3");
  }

  private void pretokenized() {
    config.source = "pretokenized";
    config.trainBin = folder.resolve("*.bin").toString();
    config.vocabSize = 3;
    config.tokenTying = "bottom_k";
    config.tyingRatio = 0.6;
  }

  private RunData open() {
    return RunData.open(config.build(), relative -> List.of(Path.of("/").resolve(relative)));
  }

  private Vocabulary vocabulary(String mode, double ratio, long... counts) {
    config.tokenTying = mode;
    config.tyingRatio = ratio;
    Tying tying = Tying.of(config.build().experiment(), counts);
    return Vocabulary.of(counts.length, config.build().experiment(), tying);
  }

  private String untied(String mode, double ratio, long... counts) {
    config.tokenTying = mode;
    config.tyingRatio = ratio;
    List<Integer> untied = Tying.of(config.build().experiment(), counts).untied();
    return String.join(" ", untied.stream().map(String::valueOf).toList());
  }

  private static List<Integer> ids(Vocabulary vocabulary, int compartment, int base) {
    return IntStream.range(0, base).mapToObj(t -> vocabulary.output(t, compartment)).toList();
  }
}
