package dev.sweeprunner.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in a line of W&amp;B's history stays as it was printed. */
class LoggedLineTests {
  private static LoggedLine line(String text) {
    return Objects.requireNonNull(LoggedLine.of(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"loss\":1.50e-3,\"_step\":3,\"_timestamp\":2.5,\"_runtime\":0.25} | \"loss\":1.50e-3",
        "{\"_step\":3,\"_timestamp\":2.5,\"_runtime\":0.25} | ``",
        "{ \"a\" : NaN , \"_runtime\":0.25,\"_timestamp\":2.5, \"_step\" : 3 } | \"a\":NaN",
        "{\"_step\":3,\"_timestamp\":2.5,\"_runtime\":0.25,\"n\":{\"_step\":9,\"x\":[1,{\"y\":2}]}}"
            + " | \"n\":{\"_step\":9,\"x\":[1,{\"y\":2}]}",
        "{\"_step\":3,\"_timestamp\":2.5,\"_runtime\":0.25,\"t\":\"a\\\\\\\"},{\\\\\\\\\",\"u\":-Infinity}"
            + " | \"t\":\"a\\\\\\\"},{\\\\\\\\\",\"u\":-Infinity"
      })
  void its_times_and_step_are_cut_out(String text, String members) {
    LoggedLine line = line(text);

    assertThat(line.step()).isEqualTo(3);
    assertThat(line.timestamp()).isEqualTo(2.5);
    assertThat(line.runtime()).isEqualTo(0.25);
    assertThat(line.members()).isEqualTo(members);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "{\"_step\":1,\"_times", "[1]", "{\"loss\":1}", "{\"_step\":\"x\"}"})
  void what_is_torn_or_no_row_is_none(String text) {
    assertThat(LoggedLine.of(text)).isNull();
  }

  @Test
  void it_is_a_row_of_its_numbers_and_its_text() {
    var row = Objects.requireNonNull(line("{\"a\":{\"b\":2},\"_step\":7,\"_timestamp\":9}").row());

    assertThat(row.step()).isEqualTo(7);
    assertThat(row.values()).containsEntry("a.b", 2.0);
    assertThat(row.logged()).isEqualTo("\"a\":{\"b\":2}");
    assertThat(row.wall()).containsEntry("timestamp", 9.0);
  }
}
