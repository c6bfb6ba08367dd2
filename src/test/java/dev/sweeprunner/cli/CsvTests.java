package dev.sweeprunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTests {
  @ParameterizedTest
  @ValueSource(
      strings = {"=cmd()", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "  =1", "\uFF1Dcmd()"})
  void no_cell_is_a_formula(String hostile) {
    assertThat(Csv.line(List.of(hostile))).startsWith("'");
  }

  @Test
  void a_formula_with_a_comma_is_quoted_around_its_apostrophe() {
    assertThat(Csv.line(List.of("=a(\"b\",1)"))).isEqualTo("\"'=a(\"\"b\"\",1)\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0.5", "+3", "-1e-4", "-Infinity", "NaN", "a=b", "x-1", "", "-5"})
  void numbers_and_plain_words_stay_as_they_are(String cell) {
    assertThat(Csv.line(List.of(cell, "1"))).isEqualTo(cell + ",1");
  }

  @Test
  void what_a_terminal_obeys_is_spelled_out_and_a_line_end_is_quoted() {
    assertThat(Csv.line(List.of("a\u001B[2Jb", "c\u009Bd", "e\nf", "g\rh")))
        .isEqualTo("a\\u001b[2Jb,c\\u009bd,\"e\nf\",g\\u000dh");
  }
}
