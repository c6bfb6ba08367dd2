package dev.sweeprunner.program.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Row;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class OutputPatternTests {
  @Test
  void named_groups_are_step_total_and_metrics() {
    OutputPattern pattern =
        pattern("step (?<step>\\d+)/(?P<total>[0-9,]+) \\(?train_loss=(?P<train_loss>\\S+)");

    Row row = pattern.row("x step 40/1,000 train_loss=1.5e-1").orElseThrow();

    assertThat(row).isEqualTo(new Row(40, Map.of("train_loss", 0.15), Map.of()));
    assertThat(pattern.total()).isEqualTo(OptionalLong.of(1000));
    assertThat(pattern.row("epoch 3")).isEmpty();
  }

  @Test
  void lines_without_a_step_are_counted() {
    OutputPattern pattern = new OutputPattern("x", "loss (?<loss>\\S+)", 5);

    assertThat(pattern.row("loss 2").orElseThrow().step()).isEqualTo(5);
    assertThat(pattern.row("loss nan").orElseThrow().values()).containsEntry("loss", Double.NaN);
    assertThat(pattern.row("loss unknown")).isEmpty();
    assertThat(pattern.row("loss 3%").orElseThrow())
        .isEqualTo(new Row(7, Map.of("loss", 3.0), Map.of()));
  }

  @Test
  void an_expression_that_never_ends_gives_up() {
    OutputPattern pattern = pattern("(?<x>(a+)+)b");

    assertThat(pattern.row("a".repeat(5_000))).isEmpty();
    assertThat(pattern.row("aab")).isEmpty();
    assertThat(pattern("(?<x>(\\d|\\d)*)z").row("1".repeat(8_000))).isEmpty();
  }

  @Test
  void a_line_of_ten_megabytes_is_looked_at_from_its_start() {
    OutputPattern pattern = pattern("loss (?<loss>\\d+)");

    assertThat(pattern.row("loss 3 " + "x".repeat(10 << 20))).isPresent();
    assertThat(pattern.row("x".repeat(10 << 20) + "loss 3")).isEmpty();
  }

  @Test
  void an_expression_that_is_none_is_a_users_mistake() {
    assertThatThrownBy(() -> pattern("loss (?<loss>\\d+"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("metrics.pattern: loss (?<loss>\\d+ is no regular expression");
    assertThatThrownBy(() -> pattern("loss (\\d+)"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("names no group");
  }

  private static OutputPattern pattern(String expression) {
    return new OutputPattern("metrics.pattern", expression, 0);
  }
}
