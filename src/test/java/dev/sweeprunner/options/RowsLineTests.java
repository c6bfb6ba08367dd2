package dev.sweeprunner.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.options.Invocation.Command;
import dev.sweeprunner.problem.UserError;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowsLineTests {
  private static Invocation parse(String line) {
    return CommandLine.parse(line.split(" ", -1), Set.of());
  }

  @ParameterizedTest
  @CsvSource({
    "rows --sweep a.yaml, CSV",
    "rows --sweep a.yaml --format csv, CSV",
    "rows --sweep a.yaml --format jsonl, JSONL",
    "rows -s a.yaml -f jsonl, JSONL",
    "-f csv rows -s a.yaml, CSV",
  })
  void rows_are_lines(String line, OutputFormat format) {
    assertThat(parse(line).command()).isEqualTo(Command.ROWS);
    assertThat(parse(line).sweeps()).containsExactly(Path.of("a.yaml"));
    assertThat(parse(line).format()).isEqualTo(format);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rows --sweep a.yaml --format table",
        "rows --sweep a.yaml --format json",
        "status --sweep a.yaml --format jsonl",
        "audit --format jsonl",
        "plan a.yaml b.yaml --format jsonl",
        "results --sweep a.yaml --format jsonl",
        "status --sweep a.yaml --format md",
        "rows --sweep a.yaml --format md"
      })
  void what_a_command_does_not_print_is_refused(String line) {
    assertThatThrownBy(() -> parse(line))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(" no ");
  }

  @ParameterizedTest
  @CsvSource({
    "results --sweep a.yaml, TABLE",
    "results --sweep a.yaml --format csv, CSV",
    "results -s a.yaml -f md --over a.seed --over b --metric x, MD",
    "results -s a.yaml -f json, JSON",
  })
  void results_are_a_table_or_one_of_three_others(String line, OutputFormat format) {
    assertThat(parse(line).command()).isEqualTo(Command.RESULTS);
    assertThat(parse(line).format()).isEqualTo(format);
  }

  @Test
  void what_is_averaged_over_belongs_to_results() {
    assertThat(parse("results -s a.yaml --over a --over b").texts(Option.OVER))
        .containsExactly("a", "b");
    assertThatThrownBy(() -> parse("status -s a.yaml --over seed"))
        .hasMessageContaining("it belongs to results");
  }

  @Test
  void rows_need_a_sweep() {
    assertThatThrownBy(() -> parse("rows")).hasMessageContaining("rows --sweep PATH.yaml");
  }
}
