package dev.sweeprunner.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.run.Relay;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several processes write one run together. */
class SharedWritersTests {
  private final ToldBook book = new ToldBook(new Relay.Base.Fresh());
  private final SharedWriters writers = new SharedWriters(book);

  @Test
  void rows_get_the_next_step_in_the_order_of_their_arrival() throws IOException {
    writers.history("a", 0, List.of("{\"x\":1}", "{\"x\":2}"));
    writers.history("b", 0, List.of("{\"x\":3}", "{}"));
    writers.history("a", 2, List.of(" {\"x\":4}"));

    assertThat(book.lines())
        .containsExactly(
            "{\"_step\":0,\"x\":1}",
            "{\"_step\":1,\"x\":2}",
            "{\"_step\":2,\"x\":3}",
            "{\"_step\":3}",
            "{\"_step\":4,\"x\":4}");
  }

  @Test
  void lines_that_are_sent_again_are_taken_once() throws IOException {
    writers.history("a", 0, List.of("{\"x\":1}"));
    writers.history("a", 0, List.of("{\"x\":1}", "{\"x\":2}"));
    writers.events("a", 0, List.of("{}"));
    writers.events("b", 0, List.of("{}"));
    writers.events("b", 0, List.of("{}"));

    assertThat(book.steps()).containsExactly(0L, 1L);
    assertThat(book.eventLines()).hasSize(2);
  }

  @Test
  void lines_that_could_not_be_written_are_taken_when_they_come_again() throws IOException {
    book.full(true);
    assertThatThrownBy(() -> writers.history("a", 0, List.of("{\"x\":1}")))
        .isInstanceOf(IOException.class);
    book.full(false);

    writers.history("a", 0, List.of("{\"x\":1}"));

    assertThat(book.steps()).containsExactly(0L);
  }

  @Test
  void console_lines_follow_one_another() throws IOException {
    writers.console("a", 0, List.of("a0", "a1"));
    writers.console("b", 0, List.of("b0"));
    writers.console("a", 2, List.of("a2"));

    assertThat(book.console()).containsExactly("a0", "a1", "b0", "a2");
  }

  @Test
  void a_row_with_a_step_keeps_it_and_what_is_none_is_left_to_the_book() throws IOException {
    writers.history("a", 0, List.of("{\"_step\":7}", "nonsense"));

    assertThat(book.lines()).containsExactly("{\"_step\":7}", "nonsense");
  }

  @Test
  void an_heirs_rows_go_on_after_its_base() throws IOException {
    ToldBook heirs = new ToldBook(new Relay.Base.At(9, 1.0, dev.sweeprunner.run.TrackedRun.UNSAID));

    new SharedWriters(heirs).history("a", 0, List.of("{\"x\":1}"));

    assertThat(heirs.steps()).containsExactly(10L);
  }
}
