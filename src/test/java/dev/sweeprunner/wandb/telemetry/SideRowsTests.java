package dev.sweeprunner.wandb.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of several claims of a run beside another are one history. */
class SideRowsTests {
  private static final RunKey KEY = new RunKey("p", "g", "0123abcd", 1);
  private static final RunKey SIDE = new RunKey("p", "g", "0123abcd-2", 1);

  @TempDir Path root;
  private Layout layout;
  private Tracks tracks;

  @BeforeEach
  void lay() {
    layout = new Layout(root);
    tracks = new Tracks(new LocalFiles(), layout).beside(KEY);
  }

  private ToldProgram claim(int epoch) {
    return ToldProgram.beside(layout, KEY, epoch, 2);
  }

  private ToldProgram logged(int epoch, @Nullable Long after, long from, long to) {
    ToldProgram program = claim(epoch);
    program.begins(after);
    log(program, epoch, from, to);
    return program;
  }

  private static void log(ToldProgram program, int epoch, long from, long to) {
    for (long step = from; step <= to; step++) {
      program.logs(step, "\"by\":" + epoch);
    }
  }

  /** Step and claim of each, {@code 3.1}. */
  private static List<String> all(SideRows rows) throws IOException {
    return rows.next(1000, Long.MAX_VALUE).stream()
        .map(row -> row.step() + "." + row.text().replaceAll(".*:([0-9]+)}", "$1"))
        .toList();
  }

  private List<String> all(int epoch, boolean over) throws IOException {
    return all(SideRows.of(tracks, SIDE, epoch, over));
  }

  @Test
  void what_was_logged_behind_the_base_of_the_next_claim_is_gone() throws IOException {
    logged(1, -1L, 0, 5);
    logged(2, 2L, 3, 4);

    assertThat(all(2, true)).containsExactly("0.1", "1.1", "2.1", "3.2", "4.2");
  }

  @Test
  void it_stays_until_the_next_claim_logs_anything_or_if_it_never_does() throws IOException {
    logged(1, -1L, 0, 3);
    claim(3).begins(1L);

    assertThat(all(3, true)).containsExactly("0.1", "1.1", "2.1", "3.1");
    assertThat(all(7, false)).containsExactly("0.1", "1.1", "2.1", "3.1");
  }

  @Test
  void where_nothing_told_the_first_row_of_the_next_claim_ends_those_before() throws IOException {
    logged(1, -1L, 0, 5);
    logged(2, null, 3, 3);

    assertThat(all(2, true)).containsExactly("0.1", "1.1", "2.1", "3.2");
  }

  @Test
  void steps_that_a_program_names_replace_those_steps_alone() throws IOException {
    logged(1, -1L, 0, 4);
    ToldProgram second = logged(2, null, 1, 2);
    second.namesSteps();

    assertThat(all(2, true)).containsExactly("0.1", "1.2", "2.2", "3.1", "4.1");
  }

  @Test
  void those_that_a_living_claim_may_replace_come_later() throws IOException {
    logged(1, -1L, 0, 4);
    ToldProgram second = logged(2, null, 1, 1);
    second.namesSteps();
    SideRows rows = SideRows.of(tracks, SIDE, 2, false);
    List<String> before = all(rows);
    log(second, 2, 3, 3);
    List<String> after = all(rows);

    assertThat(before).containsExactly("0.1", "1.2");
    assertThat(after).containsExactly("2.1", "3.2");
    assertThat(rows.stale(tracks, SIDE, 2)).isFalse();
  }

  @Test
  void a_claim_that_begins_to_log_makes_them_others() throws IOException {
    logged(1, -1L, 0, 4);
    claim(2).begins(2L);
    SideRows rows = SideRows.of(tracks, SIDE, 2, false);
    List<String> before = all(rows);
    boolean early = rows.stale(tracks, SIDE, 2);
    log(claim(2), 2, 3, 3);
    boolean later = rows.stale(tracks, SIDE, 2);
    logged(4, 3L, 4, 4);

    assertThat(before).hasSize(5);
    assertThat(early).isFalse();
    assertThat(later).isTrue();
    assertThat(SideRows.of(tracks, SIDE, 4, false).stale(tracks, SIDE, 4)).isFalse();
    assertThat(rows.stale(tracks, SIDE, 4)).isTrue();
  }

  @Test
  void three_claims_that_all_go_back() throws IOException {
    logged(1, -1L, 0, 9);
    logged(2, 6L, 7, 9);
    logged(3, 3L, 4, 5);

    assertThat(all(3, true)).containsExactly("0.1", "1.1", "2.1", "3.1", "4.3", "5.3");
  }

  @Test
  void torn_and_damaged_lines_are_left_out() throws IOException {
    ToldProgram first = logged(1, -1L, 0, 0);
    first.tears("history.jsonl", "{\"_step\":1,\"b\n");
    first.logs(2, "\"by\":1");
    first.logs(2, "\"by\":7");
    first.tears("history.jsonl", "{\"_step\":3");

    assertThat(all(1, true)).containsExactly("0.1", "2.1");
  }

  @Test
  void rows_are_counted_and_passed_over_in_pieces() throws IOException {
    logged(1, -1L, 0, 2_999);
    SideRows rows = SideRows.of(tracks, SIDE, 1, true);
    rows.skip(2_500);
    List<SideRows.Row> some = rows.next(10, Long.MAX_VALUE);
    List<SideRows.Row> small = rows.next(10, 1);

    assertThat(SideRows.of(tracks, SIDE, 1, true).count()).isEqualTo(3_000);
    assertThat(some).hasSize(10);
    assertThat(some.get(0).step()).isEqualTo(2_500);
    assertThat(some.get(0).runtime()).isEqualTo(1.5);
    assertThat(small).hasSize(1);
    assertThat(rows.next(1, 1).get(0).step()).isEqualTo(2_511);
  }
}
