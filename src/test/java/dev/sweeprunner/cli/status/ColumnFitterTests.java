package dev.sweeprunner.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.cli.status.Column.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

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
  void a_single_row_has_no_constants() {
    Column run = new Column(Kind.FIXED, "run", List.of("9f3c21aa"));
    Column seed = new Column(Kind.KEY, "seed", List.of("64"));

    assertThat(new ColumnFitter(List.of(run, seed), 10).constants()).isEmpty();
  }
}
