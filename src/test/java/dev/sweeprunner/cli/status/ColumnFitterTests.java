package dev.sweeprunner.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.cli.status.Column.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnFitterTests {
  private static final Column RUN = new Column(Kind.FIXED, "run", List.of("9f3c21aa", "11aa22bb"));
  private static final Column STATE = new Column(Kind.FIXED, "state", List.of("failed", "stale"));
  private static final Column RATIO =
      new Column(Kind.KEY, "translation_ratio", List.of("0.25", "0.5"));
  private static final Column SEED = new Column(Kind.KEY, "seed", List.of("64", "64"));
  private static final Column CLUSTER = new Column(Kind.PLACE, "cluster", List.of("-", "local"));
  private static final Column JOB = new Column(Kind.PLACE, "job", List.of("-", "-"));

  private static List<String> headers(ColumnFitter columnFitter) {
    return columnFitter.columns().stream().map(Column::header).toList();
  }

  @Test
  void what_fits_stays_as_it_is() {
    List<Column> all = List.of(RUN, RATIO, SEED, CLUSTER, JOB, STATE);

    ColumnFitter columnFitter = new ColumnFitter(all, 8 + 17 + 4 + 7 + 3 + 6 + 5 * 2);

    assertThat(columnFitter.columns()).isEqualTo(all);
    assertThat(columnFitter.constants()).isEmpty();
    assertThat(columnFitter.missing()).isEmpty();
  }

  @Test
  void constant_keys_go_first_then_empty_places_then_constant_places() {
    List<Column> all = List.of(RUN, RATIO, SEED, CLUSTER, JOB, STATE);

    assertThat(headers(new ColumnFitter(all, 54)))
        .containsExactly("run", "translation_ratio", "cluster", "job", "state");
    assertThat(headers(new ColumnFitter(all, 44)))
        .containsExactly("run", "translation_ratio", "cluster", "state");
    assertThat(headers(new ColumnFitter(all, 36)))
        .containsExactly("run", "translation_ratio", "state");
    assertThat(new ColumnFitter(all, 36).constants()).containsExactly("seed=64", "cluster=local");
  }

  @Test
  void then_headers_of_keys_are_shortened_and_at_last_keys_left_out() {
    List<Column> all = List.of(RUN, RATIO, STATE);

    assertThat(headers(new ColumnFitter(all, 24))).containsExactly("run", "tran..", "state");
    assertThat(headers(new ColumnFitter(all, 20))).containsExactly("run", "state");
    assertThat(new ColumnFitter(all, 20).missing()).hasSize(1);
  }

  @Test
  void the_words_of_slurm_go_before_values_are_cut() {
    Column slurm = new Column(Kind.PLACE, "slurm", List.of("PD BeginTime r1", "R 3 h 12 min"));
    Column name = new Column(Kind.KEY, "name", List.of("a-long-value-1", "a-long-value-2"));
    Column job = new Column(Kind.PLACE, "job", List.of("123_4", "123_5"));

    ColumnFitter columnFitter = new ColumnFitter(List.of(RUN, name, job, slurm, STATE), 50);

    assertThat(headers(columnFitter)).containsExactly("run", "name", "job", "state");
    assertThat(columnFitter.missing()).containsExactly("slurm");
    assertThat(columnFitter.columns()).contains(name);
  }

  /** Measured anew for every cell, this would take half an hour. */
  @Test
  void a_column_is_measured_once_whatever_its_length() {
    List<String> cells = new ArrayList<>(Collections.nCopies(1_000_000, "64"));
    cells.set(7, "1024");

    List<String> padded = new Column(Kind.NUMBER, "seed", cells).padded();

    assertThat(padded).hasSize(1_000_001).startsWith("seed", "  64").contains("1024");
  }

  @Test
  void time_left_goes_before_keys_and_numbers_at_last() {
    Column loss = new Column(Kind.NUMBER, "loss", List.of("0.1234", "1.2345"));
    Column eta = new Column(Kind.NUMBER, "eta", List.of("30 s", "12 min"));
    List<Column> all = List.of(RUN, RATIO, STATE, loss, eta);

    assertThat(headers(new ColumnFitter(all, 32)))
        .containsExactly("run", "tran..", "state", "loss");
    assertThat(headers(new ColumnFitter(all, 24))).containsExactly("run", "state", "loss");
    assertThat(new ColumnFitter(all, 16).missing())
        .containsExactly("eta", "translation_ratio", "loss");
  }

  /** Nothing is lost without a word: it is shown, told above, empty, or named as missing. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatever_the_columns_they_fit_every_width_and_none_goes_unsaid(long seed) {
    Random random = new Random(seed);
    for (int width = 60; width <= 250; width++) {
      List<Column> all = table(random);
      ColumnFitter fitted = new ColumnFitter(all, width);
      int wide = fitted.columns().stream().mapToInt(c -> c.padded().get(0).length() + 2).sum() - 2;
      assertThat(wide).as("width %d of %s", width, all).isLessThanOrEqualTo(width);
      long empty = all.stream().filter(Column::empty).count();
      assertThat(fitted.columns().size() + fitted.constants().size() + fitted.missing().size())
          .isBetween((int) (all.size() - empty), all.size());
    }
  }

  private static List<Column> table(Random random) {
    int rows = 1 + random.nextInt(4);
    List<Column> all = new ArrayList<>();
    all.add(column(Kind.FIXED, "run", rows, random, 8));
    for (int i = random.nextInt(12); i > 0; i--) {
      all.add(column(Kind.KEY, "key".repeat(1 + random.nextInt(10)) + i, rows, random, 30));
    }
    for (String place : List.of("cluster", "job", "slurm")) {
      all.add(column(Kind.PLACE, place, rows, random, 40));
    }
    all.add(column(Kind.FIXED, "state", rows, random, 9));
    for (String number :
        List.of("progress", "a_program_s_long_metric", "translation_loss", "eta")) {
      all.add(column(Kind.NUMBER, number, rows, random, 15));
    }
    return all;
  }

  private static Column column(Kind kind, String name, int rows, Random random, int longest) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      cells.add(random.nextInt(4) == 0 ? "-" : "x".repeat(1 + random.nextInt(longest)));
    }
    return new Column(kind, name, cells);
  }

  @Test
  void a_single_row_has_no_constants() {
    Column run = new Column(Kind.FIXED, "run", List.of("9f3c21aa"));
    Column seed = new Column(Kind.KEY, "seed", List.of("64"));

    assertThat(new ColumnFitter(List.of(run, seed), 10).constants()).isEmpty();
  }
}
