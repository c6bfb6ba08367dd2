package dev.sweeprunner.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.train.TinyConfig;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RowBuilderTests {
  private static final int[] TOKENS = {2, 0, 1, 2, 1, 0, 0, 1};

  private final TinyConfig config = new TinyConfig();
  private final Batch batch = new Batch(2, 8);

  @Test
  void a_plain_row_in_offset_mode_is_shifted_by_its_compartment() {
    build(new RowKind(1, 1));

    assertThat(row(batch.inputs())).containsExactly(5, 3, 4, 5, 4, 3, 3, 4);
    assertThat(row(batch.targets())).containsExactly(3, 4, 5, 4, 3, 3, 4, -1);
    assertThat(row(batch.compartments())).containsExactly(1, 1, 1, 1, 1, 1, 1, 1);
  }

  @Test
  void a_translation_row_in_offset_mode_says_the_same_twice() {
    build(new RowKind(1, 0));

    assertThat(row(batch.inputs())).containsExactly(6, 5, 3, 4, 6, 2, 0, 1);
    assertThat(row(batch.targets())).containsExactly(5, 3, 4, 6, 2, 0, 1, -1);
    assertThat(row(batch.compartments())).containsExactly(1, 1, 1, 1, 0, 0, 0, 0);
  }

  @Test
  void permutation_mode_renames_within_one_vocabulary() {
    config.permute = true;
    Vocabulary vocabulary = build(new RowKind(0, 1));
    int[] p = {id(vocabulary, 0, 0), id(vocabulary, 1, 0), id(vocabulary, 2, 0)};
    int[] q = {id(vocabulary, 0, 1), id(vocabulary, 1, 1), id(vocabulary, 2, 1)};

    assertThat(row(batch.inputs())).containsExactly(3, p[2], p[0], p[1], 3, q[2], q[0], q[1]);
    assertThat(row(batch.targets())).containsExactly(p[2], p[0], p[1], 3, q[2], q[0], q[1], -1);
    assertThat(row(batch.compartments())).containsExactly(0, 0, 0, 0, 1, 1, 1, 1);
    assertThat(p).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(q).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void inputs_may_stay_unpermuted_while_targets_are_permuted() {
    config.permute = true;
    config.permuteInputs = false;
    Vocabulary vocabulary = build(new RowKind(1, 1));
    int[] q = {id(vocabulary, 0, 1), id(vocabulary, 1, 1), id(vocabulary, 2, 1)};

    assertThat(row(batch.inputs())).containsExactly(2, 0, 1, 2, 1, 0, 0, 1);
    assertThat(row(batch.targets())).containsExactly(q[0], q[1], q[2], q[1], q[0], q[0], q[1], -1);

    build(new RowKind(0, 1));

    assertThat(row(batch.inputs())).containsExactly(3, 2, 0, 1, 3, 2, 0, 1);
    assertThat(row(batch.targets())[3]).isEqualTo(3);
    assertThat(row(batch.targets())[4]).isEqualTo(q[2]);
  }

  @Test
  void compartments_have_permutations_of_their_own() {
    config.permute = true;
    config.compartments = 4;
    config.vocabSize = 1000;
    Vocabulary vocabulary = Vocabulary.of(1000, config.build().experiment());
    config.seed = 65;
    Vocabulary other = Vocabulary.of(1000, config.build().experiment());

    int[] first = ids(vocabulary, 0);

    for (int c = 0; c < 4; c++) {
      int[] sorted = ids(vocabulary, c);
      Arrays.sort(sorted);
      assertThat(sorted).containsExactly(java.util.stream.IntStream.range(0, 1000).toArray());
      assertThat(c > 0 && Arrays.equals(ids(vocabulary, c), first)).isFalse();
    }
    assertThat(ids(other, 0)).isNotEqualTo(first);
    assertThat(vocabulary.size()).isEqualTo(1001);
  }

  @Test
  void a_row_says_how_many_tokens_it_takes() {
    RowBuilder builder = builder(Vocabulary.of(3, config.build().experiment()));

    assertThat(builder.tokens(new RowKind(1, 1))).isEqualTo(8);
    assertThat(builder.tokens(new RowKind(1, 0))).isEqualTo(3);
  }

  private Vocabulary build(RowKind kind) {
    Vocabulary vocabulary = Vocabulary.of(3, config.build().experiment());
    builder(vocabulary).build(kind, TOKENS, TOKENS, batch, 1);
    return vocabulary;
  }

  private static RowBuilder builder(Vocabulary vocabulary) {
    return new RowBuilder(vocabulary, RowLayout.standard(8));
  }

  private static int id(Vocabulary vocabulary, int token, int compartment) {
    return vocabulary.output(token, compartment);
  }

  private static int[] ids(Vocabulary vocabulary, int compartment) {
    return java.util.stream.IntStream.range(0, 1000)
        .map(token -> vocabulary.output(token, compartment))
        .toArray();
  }

  private static int[] row(int[] values) {
    return Arrays.copyOfRange(values, 8, 16);
  }
}
