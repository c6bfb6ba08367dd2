package dev.sweeprunner.relay.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.TrackedRun;
import dev.sweeprunner.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client is told, and what becomes of what it says, case by case. */
class RunBookTests {
  private static final String NAMES_STEPS =
      "{\"_wandb\":{\"value\":{\"t\":{\"3\":[5,61]},\"m\":[]}}}";
  private static final String OVER_X =
      "{\"_wandb\":{\"value\":{\"t\":{\"3\":[5]},\"m\":[{\"1\":\"x\"},"
          + "{\"1\":\"best\",\"5\":1,\"7\":[1]},{\"1\":\"loss\",\"5\":1}]}}}";

  private final SettableClock clock = new SettableClock();
  private final List<String> notes = new ArrayList<>();

  @TempDir Path folder;

  private RunBook open(int epoch, Relay.Base base) throws IOException {
    return RunBook.open(
        new LocalFiles(), Lives.layout(folder), clock, Lives.opening(epoch, base, notes::add));
  }

  private static Relay.Base.At at(long step) {
    return new Relay.Base.At(step, 100, new TrackedRun("{}", "{\"a\":1}", TrackedRun.Names.NONE));
  }

  private static String line(long step, String members) {
    return "{\"_step\":%d,\"_runtime\":%d,\"_timestamp\":%d,%s}"
        .formatted(step, step, 1000 + step, members);
  }

  private static List<String> lines(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> line(i, "\"x\":" + i)).toList();
  }

  private static List<Long> steps(List<Row> rows) {
    return rows.stream().map(Row::step).toList();
  }

  /** A life that is killed after it has posted these. */
  private void life(int epoch, Relay.Base base, String config, List<String> lines)
      throws IOException {
    RunBook book = open(epoch, base);
    book.described(Map.of("config", config));
    book.history(book.known().historyLines(), lines);
    book.ended();
  }

  @Test
  void a_new_run_is_not_there_until_its_client_has_opened_it() throws IOException {
    RunBook book = open(1, new Relay.Base.Fresh());

    assertThat(book.known()).isEqualTo(new Book.Known(false, 0, 0, 0, -1, "{}", "{}"));
    book.described(Map.of("config", "{\"lr\":{\"value\":1}}"));
    book.history(0, lines(0, 3));

    assertThat(book.known())
        .isEqualTo(new Book.Known(true, 3, 0, 0, 2, "{\"lr\":{\"value\":1}}", "{}"));
    assertThat(steps(book.rows())).containsExactly(0L, 1L, 2L);
    assertThat(book.rows()).isEmpty();
    assertThat(book.rest()).isEmpty();
  }

  @Test
  void an_heir_is_told_of_its_base_and_its_seconds_go_on() throws IOException {
    RunBook book = open(2, at(4));

    assertThat(book.known()).isEqualTo(new Book.Known(true, 1, 0, 0, 4, "{}", "{\"a\":1}"));
    book.history(1, lines(5, 7));

    assertThat(book.rows())
        .extracting(row -> row.wall().get("runtime"))
        .containsExactly(105.0, 106.0);
    assertThat(book.stepAt(1005.5)).isEqualTo(OptionalLong.of(5));
    assertThat(book.stepAt(1001)).isEqualTo(OptionalLong.of(4));
  }

  @Test
  void an_heir_of_no_row_begins_with_step_0() throws IOException {
    RunBook book = open(2, at(-1));

    assertThat(book.known().tail()).isEqualTo(-1);
    assertThat(book.known().historyLines()).isEqualTo(1);
    assertThat(book.stepAt(5000)).isEmpty();
  }

  @Test
  void rows_that_dead_claims_logged_right_after_the_save_are_taken_in() throws IOException {
    life(1, new Relay.Base.Fresh(), NAMES_STEPS, lines(0, 10));
    RunBook book = open(2, at(4));

    book.history(1, lines(7, 8));

    assertThat(steps(book.rows())).containsExactly(5L, 6L, 7L);
    assertThat(notes).isEmpty();
  }

  @Test
  void that_waits_until_it_is_known_that_there_is_an_axis() throws IOException {
    life(1, new Relay.Base.Fresh(), "{}", lines(0, 8));
    RunBook book = open(2, at(4));

    book.history(1, List.of(line(5, "\"x\":7")));
    assertThat(book.rows()).isEmpty();
    book.described(Map.of("config", OVER_X));

    assertThat(book.rows())
        .extracting(row -> row.step() + " " + row.logged())
        .containsExactly("5 \"x\":5", "6 \"x\":6", "7 \"x\":7");
  }

  @Test
  void what_was_missing_before_a_life_that_died_young_is_named_by_the_next() throws IOException {
    life(1, new Relay.Base.Fresh(), "{}", lines(0, 5));
    life(2, new Relay.Base.Unknown(), "{}", lines(7, 10));
    assertThat(notes).isEmpty();
    RunBook book = open(3, new Relay.Base.Unknown());

    book.described(Map.of("config", NAMES_STEPS));
    book.history(1, lines(10, 13));

    assertThat(steps(book.rows())).hasSize(11);
    assertThat(notes).containsExactly("steps 5-6 were logged by a killed life and never arrived");
  }

  @Test
  void what_a_killed_life_never_posted_is_named_once() throws IOException {
    life(1, new Relay.Base.Fresh(), NAMES_STEPS, lines(0, 71));
    RunBook book = open(2, new Relay.Base.Unknown());

    book.history(1, lines(80, 100));

    assertThat(steps(book.rows())).hasSize(91);
    assertThat(notes).containsExactly("steps 71-79 were logged by a killed life and never arrived");
  }

  @Test
  void it_is_named_on_an_axis_too_and_after_a_base() throws IOException {
    life(1, new Relay.Base.Fresh(), OVER_X, lines(0, 5));
    RunBook book = open(2, at(4));
    book.described(Map.of("config", OVER_X));

    book.history(1, List.of(line(5, "\"x\":6"), line(6, "\"y\":1"), line(7, "\"x\":7")));

    assertThat(notes).containsExactly("step 5 was logged by a killed life and never arrived");
  }

  @Test
  void an_axis_goes_on_where_the_program_does() throws IOException {
    life(1, new Relay.Base.Fresh(), OVER_X, lines(0, 10));
    clock.advance(Duration.ofSeconds(60));
    RunBook book = open(2, new Relay.Base.Unknown());
    assertThat(book.known().tail()).isEqualTo(-1); // 9 s tell nothing of named steps

    book.history(1, List.of(line(0, "\"hello\":1"), line(1, "\"x\":8"), line(2, "\"x\":9")));
    assertThat(book.rows()).isEmpty();
    clock.advance(Duration.ofSeconds(10));

    assertThat(book.rows())
        .extracting(row -> row.step() + " " + row.logged())
        .endsWith("7 \"x\":7", "8 \"hello\":1", "9 \"x\":8", "10 \"x\":9")
        .hasSize(11);
  }

  @Test
  void what_nobody_can_know_is_said_once() throws IOException {
    life(1, new Relay.Base.Fresh(), "{}", lines(0, 30));
    RunBook book = open(2, new Relay.Base.Unknown());
    assertThat(book.known().tail()).isEqualTo(29);

    book.history(1, lines(30, 32));

    assertThat(steps(book.rows())).hasSize(32);
    assertThat(notes).hasSize(1);
    assertThat(notes.get(0)).contains("twice").contains("checkpoint.pattern");
  }

  @Test
  void kept_rows_that_nothing_replaces_come_at_the_end() throws IOException {
    life(1, new Relay.Base.Fresh(), NAMES_STEPS, lines(0, 10));
    RunBook book = open(2, new Relay.Base.Unknown());

    book.history(1, lines(3, 5));

    assertThat(steps(book.rows())).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(steps(book.rest())).containsExactly(5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void lines_that_are_no_rows_and_rows_that_do_not_grow_are_left_out_and_said_once()
      throws IOException {
    RunBook book = open(1, new Relay.Base.Fresh());

    book.history(0, List.of("[1]", line(3, "\"x\":1"), line(3, "\"x\":2"), line(2, "\"x\":3")));

    assertThat(steps(book.rows())).containsExactly(3L);
    assertThat(book.leftOut()).isEqualTo(3);
    assertThat(notes).hasSize(1);
  }

  @Test
  void a_client_that_counts_its_lines_from_elsewhere_loses_none() throws IOException {
    RunBook book = open(2, at(4));

    book.history(0, lines(5, 7));
    book.history(0, lines(5, 8));
    book.history(3, lines(8, 9));

    assertThat(steps(book.rows())).containsExactly(5L, 6L, 7L, 8L);
  }

  @Test
  void a_summary_is_as_of_the_row_that_is_asked_for() throws IOException {
    RunBook book = open(1, new Relay.Base.Fresh());
    book.described(Map.of("config", OVER_X));
    book.history(0, List.of(line(0, "\"x\":0,\"best\":3,\"loss\":5,\"own\":1")));
    book.summary(
        "{\"x\":0,\"best\":3,\"loss\":5,\"mine\":7,\"_step\":0,\"_wandb\":{\"runtime\":1}}");
    book.history(1, List.of(line(1, "\"x\":1,\"best\":9,\"loss\":NaN"), line(2, "\"x\":2")));
    book.summary("{\"x\":2,\"best\":3,\"loss\":NaN,\"mine\":8,\"_step\":2}");

    assertThat(book.tracked(1).summary())
        .isEqualTo(
            "{\"x\":1,\"best\":3,\"loss\":NaN,\"mine\":7,\"_step\":1,\"_wandb\":{\"runtime\":1},"
                + "\"_runtime\":1,\"_timestamp\":1001.0}");
    assertThat(book.tracked(2).summary()).contains("\"mine\":8");
    assertThat(book.tracked(2).config()).isEqualTo(OVER_X);
  }

  @Test
  void silence_covers_once_it_is_known_that_no_row_waits_in_the_client() throws IOException {
    RunBook book = open(1, new Relay.Base.Fresh());
    book.begun();
    book.history(0, lines(0, 3));
    book.ended();

    assertThat(book.covers(1001.5)).isTrue();
    assertThat(book.covers(1002)).isFalse();
    clock.advance(Duration.ofSeconds(5));
    assertThat(book.covers(1002)).isFalse(); // it may name steps
    book.described(Map.of("config", OVER_X));
    assertThat(book.covers(1002)).isTrue();
    assertThat(book.covers(1003)).isFalse(); // asked for the first time
    book.begun();
    clock.advance(Duration.ofSeconds(3));
    assertThat(book.covers(1003)).isFalse();
    book.ended();
    clock.advance(Duration.ofSeconds(2));
    assertThat(book.covers(1003)).isTrue();
  }

  @Test
  void a_goodbye_covers_everything_until_the_run_is_opened_again() throws IOException {
    RunBook book = open(1, new Relay.Base.Fresh());
    book.described(Map.of("config", NAMES_STEPS));
    book.history(0, lines(0, 3));
    book.complete(0);

    assertThat(book.complete()).isTrue();
    assertThat(book.covers(9999)).isTrue();
    book.described(Map.of("config", NAMES_STEPS));
    assertThat(book.complete()).isFalse();
    assertThat(book.covers(9999)).isFalse();
  }

  @Test
  void a_life_killed_before_its_axis_is_known_loses_nothing_that_was_answered() throws IOException {
    life(1, new Relay.Base.Fresh(), OVER_X, lines(0, 30));
    life(2, new Relay.Base.Unknown(), OVER_X, List.of(line(30, "\"hello\":1")));
    RunBook book = open(3, new Relay.Base.Unknown());

    book.history(1, List.of(line(31, "\"x\":31")));

    assertThat(book.rows()).extracting(Row::logged).endsWith("\"hello\":1", "\"x\":31").hasSize(32);
  }

  @Test
  void a_row_from_long_ago_is_found_on_disk() throws IOException {
    RunBook book = open(1, new Relay.Base.Fresh());
    int most = 1 << 18;
    for (int from = 0; from <= most; from += 1 << 16) {
      List<String> lines =
          IntStream.range(from, from + (1 << 16))
              .mapToObj(i -> "{\"_step\":" + i + ",\"_timestamp\":" + i + "}")
              .toList();
      book.history(from, lines);
      book.rows();
    }

    assertThat(book.stepAt(17.5)).isEqualTo(OptionalLong.of(17));
    assertThat(book.stepAt(most - 0.5)).isEqualTo(OptionalLong.of(most - 1));
  }

  @Test
  void a_client_has_to_wait_where_nobody_takes_its_rows_over() throws IOException {
    RunBook book = open(1, new Relay.Base.Fresh());
    String large = "\"x\":\"" + "y".repeat(5 << 20) + "\"";
    int[] taken = {0};

    assertThatThrownBy(
            () -> {
              for (; taken[0] < 20; taken[0]++) {
                book.history(taken[0], List.of(line(taken[0], large)));
              }
            })
        .isInstanceOf(IOException.class);
    assertThat(book.rows()).hasSize(taken[0]);
    book.history(taken[0], List.of(line(taken[0], large)));

    assertThat(book.rows()).hasSize(1);
  }
}
