package dev.sweeprunner.train;

import static dev.sweeprunner.train.Trainers.bits;
import static dev.sweeprunner.train.Trainers.finish;
import static dev.sweeprunner.train.Trainers.trainer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Training;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compartments that start as copies of the first. */
class CopiesTests {
  private static final String TOKENS = "transformer.wte.weight";
  private static final String HEAD = "lm_head.weight";
  private static final String IDS = "transformer.wce.weight";
  private static final int WIDTH = 8;

  private final TinyConfig config = new TinyConfig();

  @BeforeEach
  void three_compartments() {
    config.compartments = 3;
    config.compartmentEmbeddings = true;
  }

  @Test
  void each_option_copies_the_first_compartments_rows_of_its_own_table() {
    Map<String, List<Integer>> off = start();

    config.copyEmbeddings = true;
    assertCopied(off, TOKENS, 5);
    config.copyEmbeddings = false;
    config.copyHead = true;
    assertCopied(off, HEAD, 5);
    config.copyHead = false;
    config.copyIds = true;
    assertCopied(off, IDS, 1);
  }

  @Test
  void a_vocabulary_of_one_token_leaves_the_translation_token_its_row() {
    config.vocabSize = 1;
    Map<String, List<Integer>> off = start();
    config.copyEmbeddings = true;

    assertCopied(off, TOKENS, 1);
  }

  @Test
  void a_tied_matrix_is_copied_by_either_option() {
    config.weightTying = true;
    Map<String, List<Integer>> off = start();
    config.copyHead = true;
    assertCopied(off, TOKENS, 5);
    Map<String, List<Integer>> byHead = start();
    config.copyHead = false;
    config.copyEmbeddings = true;

    assertThat(start()).isEqualTo(byHead);
  }

  @Test
  void where_compartments_share_their_rows_nothing_changes() {
    config.permute = true;
    Map<String, List<Integer>> off = start();
    config.copyEmbeddings = true;
    config.copyHead = true;
    assertThat(start()).isEqualTo(off);

    config.permute = false;
    config.copyEmbeddings = false;
    config.copyHead = false;
    config.sharedTokenEmbeddings = true;
    off = start();
    config.copyEmbeddings = true;
    assertThat(start()).isEqualTo(off);
    config.copyHead = true;
    assertCopied(off, HEAD, 5);
  }

  @Test
  void copies_part_in_training_and_the_run_has_other_bits() {
    Map<String, List<Integer>> off = end();
    config.copyEmbeddings = true;
    config.copyHead = true;
    config.copyIds = true;
    Map<String, List<Integer>> on = end();

    for (String table : List.of(TOKENS, HEAD, IDS)) {
      List<Integer> values = named(on, table);
      int compartment = values.size() / (table.equals(IDS) ? 3 : 16) * (table.equals(IDS) ? 1 : 5);
      assertThat(values).isNotEqualTo(named(off, table));
      assertThat(values.subList(compartment, 2 * compartment))
          .as(table)
          .isNotEqualTo(values.subList(0, compartment));
    }
  }

  /** All is as without the option, but the rows of compartments 1 and 2 are those of 0. */
  private void assertCopied(Map<String, List<Integer>> off, String table, int rows) {
    List<Integer> expected = new ArrayList<>(named(off, table));
    int compartment = rows * WIDTH;
    for (int c = 1; c < 3; c++) {
      for (int i = 0; i < compartment; i++) {
        expected.set(c * compartment + i, expected.get(i));
      }
    }
    assertThat(expected).isNotEqualTo(named(off, table));

    Map<String, List<Integer>> on = start();

    assertThat(named(on, table)).isEqualTo(expected);
    TreeSet<String> others = new TreeSet<>(off.keySet());
    others.remove(table);
    others.forEach(name -> assertThat(named(on, name)).as(name).isEqualTo(named(off, name)));
  }

  private Map<String, List<Integer>> start() {
    try (Training.Session session = trainer().start(config.build(), null)) {
      return Collections.unmodifiableMap(bits(session.snapshot()));
    }
  }

  private Map<String, List<Integer>> end() {
    try (Training.Session session = trainer().start(config.build(), null)) {
      return bits(finish(session).last());
    }
  }

  private static List<Integer> named(Map<String, List<Integer>> bits, String name) {
    return Objects.requireNonNull(bits.get(name), name);
  }
}
