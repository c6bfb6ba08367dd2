package dev.sweeprunner.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.run.TrainingFailure;
import dev.sweeprunner.train.TinyConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream of tokens for each compartment. */
class CompartmentStreamsTests {
  private static final int LENGTH = 8;
  private static final int BASE = 10_000;

  @TempDir Path folder;

  private final TinyConfig config = new TinyConfig();

  /** Three compartments; the tokens of stream c are 1000·c, 1000·c + 1, and so on. */
  @BeforeEach
  void three_streams() throws IOException {
    config.source = "pretokenized";
    config.vocabSize = BASE;
    config.compartments = 3;
    config.scaling = "unequal";
    config.ratio = 0.4;
    config.maxIters = 50;
    config.batchSize = 6;
    config.accumulation = 2;
    shards("train", 0, 170, 301);
    shards("train", 1, 97);
    shards("train", 2, 256, 256, 1);
    shards("val", 0, 40);
    shards("val", 1, 50);
    shards("val", 2, 60);
    config.compartmentTrainBins = List.of("train0_*.bin", "train1_*.bin", "train2_*.bin");
    config.compartmentValBins = List.of("val0_*.bin", "val1_*.bin", "val2_*.bin");
  }

  @Test
  void every_row_is_what_reading_from_the_first_row_on_gives() {
    int[] sizes = {471, 97, 513};
    RunData data = open();
    Batch one = new Batch(1, LENGTH);
    long[] readers = new long[3];
    Map<String, Integer> kinds = new HashMap<>();
    for (int row = 0; row < 600; row++) {
      assertThat(data.offsets(row)).isEqualTo(offsets(readers, sizes));
      data.training(row, one);

      int src = one.compartments()[0];
      int dst = one.compartments()[LENGTH - 1];
      int[] expected = new int[LENGTH];
      for (int p = 0; p < LENGTH; p++) {
        boolean translation = src != dst;
        int compartment = p < LENGTH / 2 ? src : dst;
        int within = translation ? p % (LENGTH / 2) - 1 : p;
        long place = (readers[compartment] * LENGTH + within) % sizes[compartment];
        expected[p] =
            within < 0 ? 3 * BASE : (int) (compartment * BASE + 1000 * compartment + place);
      }
      assertThat(one.inputs()).as("row %d", row).isEqualTo(expected);
      readers[src]++;
      readers[dst] += src == dst ? 0 : 1;
      kinds.merge(src + ">" + dst, 1, Integer::sum);
    }
    // 360 plain rows 1:2:3; 240 translations, pairs 2:3:6 in two directions.
    assertThat(kinds)
        .containsEntry("0>0", 60)
        .containsEntry("1>1", 120)
        .containsEntry("2>2", 180)
        .containsEntry("1>2", 65)
        .hasSize(9);
    assertThat(data.offsets(600)).isEqualTo(offsets(readers, sizes));
  }

  @Test
  void a_batch_from_any_row_on_is_the_same_rows() {
    Batch whole = new Batch(600, LENGTH);
    open().training(0, whole);
    RunData data = open();
    for (int first : new int[] {593, 0, 311, 7, 312, 440}) {
      Batch part = new Batch(7, LENGTH);

      data.training(first, part);

      int from = first * LENGTH;
      int to = from + 7 * LENGTH;
      assertThat(part.inputs()).isEqualTo(Arrays.copyOfRange(whole.inputs(), from, to));
      assertThat(part.targets()).isEqualTo(Arrays.copyOfRange(whole.targets(), from, to));
      assertThat(part.compartments()).isEqualTo(Arrays.copyOfRange(whole.compartments(), from, to));
    }
  }

  @Test
  void plain_rows_read_each_token_of_a_stream_once_before_they_begin_again() throws IOException {
    config.scaling = "equal";
    config.ratio = 0;
    shards("even", 0, 320);
    shards("even", 1, 160);
    shards("even", 2, 80);
    config.compartmentTrainBins = List.of("even0_*.bin", "even1_*.bin", "even2_*.bin");
    Batch all = new Batch(600, LENGTH);

    open().training(0, all);

    Map<Integer, Integer> read = new HashMap<>();
    Arrays.stream(all.inputs()).forEach(token -> read.merge(token, 1, Integer::sum));
    assertThat(read).hasSize(320 + 160 + 80);
    read.forEach(
        (token, times) -> assertThat(times).isEqualTo(new int[] {5, 10, 20}[token / BASE]));
  }

  @Test
  void no_compartment_reads_anothers_stream() {
    Batch all = new Batch(600, LENGTH);

    open().training(0, all);

    for (int i = 0; i < all.inputs().length; i++) {
      int token = all.inputs()[i] % BASE;
      if (all.inputs()[i] != 3 * BASE) {
        assertThat(token / 1000).isEqualTo(all.compartments()[i]);
      }
    }
  }

  @Test
  void streams_take_the_place_of_train_bin_and_change_no_kind() {
    Batch streams = new Batch(100, LENGTH);
    Batch single = new Batch(100, LENGTH);
    config.trainBin = "train1_*.bin";
    open().training(0, streams);
    config.compartmentTrainBins = null;
    open().training(0, single);

    assertThat(streams.compartments()).isEqualTo(single.compartments());
    assertThat(streams.inputs()).isNotEqualTo(single.inputs());
    assertThat(open().offsets(3)).isEqualTo(Map.of("train", 24L));
  }

  @Test
  void each_validation_stream_has_a_loss_of_its_own() {
    List<Evaluation> evaluations = open().evaluations();

    assertThat(evaluations)
        .extracting(Evaluation::metric)
        .containsExactly(
            "eval/train_loss",
            "val/loss",
            "val/compartment_0_loss",
            "val/compartment_1_loss",
            "val/compartment_2_loss");
    assertThat(evaluations)
        .extracting(Evaluation::decides)
        .containsExactly(false, true, false, false, false);
    for (int c = 0; c < 3; c++) {
      Batch batch = new Batch(6, LENGTH);
      evaluations.get(2 + c).fill(9, 1, batch);

      int size = new int[] {40, 50, 60}[c];
      int shift = c * (BASE + 1000);
      assertThat(batch.inputs())
          .isEqualTo(IntStream.range(48, 96).map(i -> shift + i % size).toArray());
      assertThat(batch.compartments()).containsOnly(c);
      assertThat(batch.countedTargets()).isEqualTo(6 * (LENGTH - 1));
    }
  }

  @Test
  void val_loss_is_of_the_runs_mix_over_the_first_rows_of_each_validation_stream() {
    config.evalIters = 10;
    Evaluation evaluation = open().evaluations().get(1);
    Set<Integer> tokens = new HashSet<>();
    int translations = 0;
    for (int index = 0; index < 10; index++) {
      Batch batch = new Batch(6, LENGTH);
      evaluation.fill(index, index, batch);
      for (int i = 0; i < 6 * LENGTH; i += LENGTH) {
        translations += batch.inputs()[i] == 3 * BASE ? 1 : 0;
      }
      Arrays.stream(batch.inputs()).filter(id -> id < 3 * BASE).forEach(tokens::add);
    }

    assertThat(translations).isEqualTo(24);
    assertThat(tokens).allMatch(id -> id % 1000 < 60).contains(0, BASE + 1000, 2 * BASE + 2000);
  }

  @Test
  void one_validation_stream_serves_all_where_only_one_is_given() {
    config.compartmentValBins = null;
    assertThat(open().evaluations()).isEmpty();
    config.valBin = "val0_*.bin";
    assertThat(open().evaluations())
        .extracting(Evaluation::metric)
        .containsExactly("eval/train_loss", "val/loss");
  }

  @Test
  void synthetic_entries_are_drawn_for_each_compartment_and_split_anew() {
    config.ratio = 0;
    config.compartmentTrainBins =
        List.of("train0_*.bin", "synthetic:uniform", "synthetic:frequency");
    config.compartmentValBins =
        List.of("synthetic:uniform", "synthetic:uniform", "synthetic:frequency");
    RunData data = open();
    Batch training = new Batch(600, LENGTH);
    data.training(0, training);
    List<List<Integer>> read = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < training.inputs().length; i++) {
      int c = training.compartments()[i];
      read.get(c).add(training.inputs()[i] - c * BASE);
    }
    List<int[]> drawn = new ArrayList<>();
    for (int c = 0; c < 3; c++) {
      Batch batch = new Batch(6, LENGTH);
      data.evaluations().get(2 + c).fill(0, 0, batch);
      int shift = c * BASE;
      drawn.add(Arrays.stream(batch.inputs()).map(id -> id - shift).toArray());
    }

    assertThat(read.get(1)).anyMatch(token -> token > 9000);
    assertThat(new HashSet<>(read.get(1))).hasSizeGreaterThan(1000);
    // 170 different tokens in the first file, each once.
    assertThat(new HashSet<>(read.get(2))).hasSize(170).allMatch(token -> token < 170);
    assertThat(drawn.get(1)).isNotEqualTo(drawn.get(0));
    assertThat(drawn.get(1)).isNotEqualTo(ints(read.get(1).subList(0, 48)));
    assertThat(drawn.get(2)).isNotEqualTo(ints(read.get(2).subList(0, 48)));
    assertThat(Arrays.stream(drawn.get(2)).boxed().toList()).allMatch(token -> token < 170);
    assertThat(data.offsets(0)).isEqualTo(Map.of("train.0", 0L));
    config.seed = 65;
    Batch other = new Batch(600, LENGTH);
    open().training(0, other);
    assertThat(other.inputs()).isNotEqualTo(training.inputs());
  }

  @Test
  void the_training_loss_of_an_evaluation_starts_anywhere_in_each_stream() {
    config.compartmentTrainBins = List.of("train0_*.bin", "train1_*.bin", "synthetic:uniform");
    config.ratio = 0;
    Evaluation evaluation = open().evaluations().get(0);
    Batch early = new Batch(6, LENGTH);
    Batch late = new Batch(6, LENGTH);
    Batch again = new Batch(6, LENGTH);

    evaluation.fill(0, 0, early);
    evaluation.fill(2, 0, late);
    evaluation.fill(0, 0, again);

    assertThat(again.inputs()).isEqualTo(early.inputs());
    assertThat(late.compartments()).isEqualTo(early.compartments());
    for (int i = 0; i < 48; i += LENGTH) {
      assertThat(late.inputs()[i]).as("row at %d", i).isNotEqualTo(early.inputs()[i]);
    }
  }

  @Test
  void streams_of_one_file_are_evaluated_at_places_of_their_own_and_by_the_seed() {
    config.compartmentTrainBins = List.of("train0_*.bin", "train0_*.bin", "train0_*.bin");
    config.scaling = "equal";
    config.ratio = 0;
    Batch batch = new Batch(6, LENGTH);
    open().evaluations().get(0).fill(0, 0, batch);
    int[] first = batch.inputs().clone();
    config.seed = 65;
    open().evaluations().get(0).fill(0, 0, batch);

    Set<Integer> places = new HashSet<>();
    Set<Integer> others = new HashSet<>();
    for (int i = 0; i < 48; i += LENGTH) {
      places.add(first[i] % BASE);
      others.add(batch.inputs()[i] % BASE);
    }
    assertThat(places).as("two rows of each compartment").hasSize(6);
    assertThat(others).isNotEqualTo(places);
  }

  @Test
  void missing_files_are_named_by_their_entry() {
    config.compartmentValBins = List.of("val0_*.bin", "synthetic:uniform", "gone_*.bin");

    assertThat(RunData.missing(config.build(), this::places))
        .hasValueSatisfying(
            sentence ->
                assertThat(sentence)
                    .startsWith("data.compartment_val_bins[2]: no file matches gone_*.bin; tried"));
    config.compartmentValBins = List.of("val0_*.bin", "synthetic:uniform", "synthetic:frequency");
    assertThat(RunData.missing(config.build(), this::places)).isEmpty();
  }

  @Test
  void a_token_outside_the_vocabulary_stops_the_count_of_frequencies() {
    config.vocabSize = 100;
    config.compartmentTrainBins =
        List.of("train0_*.bin", "synthetic:uniform", "synthetic:frequency");

    assertThatThrownBy(this::open)
        .isInstanceOf(TrainingFailure.class)
        .hasMessageContaining("train0_0.bin, byte 1424: token 100 is not below");
  }

  private Map<String, Long> offsets(long[] readers, int[] sizes) {
    Map<String, Long> offsets = new HashMap<>();
    for (int c = 0; c < 3; c++) {
      offsets.put("train." + c, readers[c] * LENGTH % sizes[c]);
    }
    return offsets;
  }

  private void shards(String name, int compartment, int... sizes) throws IOException {
    int next = 1000 * compartment;
    for (int i = 0; i < sizes.length; i++) {
      int[] tokens = IntStream.range(next, next + sizes[i]).toArray();
      ShardFiles.wide(folder.resolve(name + compartment + "_" + i + ".bin"), tokens);
      next += sizes[i];
    }
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  private RunData open() {
    return RunData.open(config.build(), this::places);
  }

  private List<Path> places(String relative) {
    return List.of(folder.resolve(relative));
  }
}
