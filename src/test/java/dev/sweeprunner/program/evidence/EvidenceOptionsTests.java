package dev.sweeprunner.program.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvidenceOptionsTests {
  @Test
  void nothing_said_means_the_usual_layouts_and_exit_0() {
    EvidenceOptions options = EvidenceOptions.of("x", Map.of());

    assertThat(options.checkpoints().stream().map(CheckpointRule::layout))
        .containsExactly("earlier", "huggingface", "lightning", "nanogpt", "torchrun");
    assertThat(options.finish().given()).isFalse();
    assertThat(options.below()).isEqualTo(Places.Root.OUT_DIR);
    assertThat(options.metricsPattern()).isEmpty();
  }

  @Test
  void a_time_is_how_long_a_file_must_not_have_changed() {
    EvidenceOptions options =
        EvidenceOptions.of("x", Map.of("checkpoint.pattern", "a/*.pt", "checkpoint.ready", "2m"));

    assertThat(options.checkpoints()).hasSize(1);
    assertThat(options.checkpoints().get(0).ready().quiet()).isEqualTo(Duration.ofMinutes(2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "checkpoint.patern | a.pt       | Did you mean checkpoint.pattern?",
        "below             | cdw        | Did you mean cwd?",
        "checkpoint.layout | hugingface | Did you mean huggingface?",
        "checkpoint.ready  | atomic     | Give checkpoint.pattern too",
        "checkpoint.pattern| ../a       | no pattern of files",
        "checkpoint.pattern| {iter}/{iter} | no pattern of files",
        "finished.step     | -1         | a whole number, or total",
        "finished.json     | a.json     | no condition",
        "finished.json     | a >= 1     | FILE:FIELD",
        "finished.metric   | loss = 3   | loss <= 3.5",
        "metrics.pattern   | (x         | names no group",
      })
  void a_mistake_is_one_sentence_with_the_way_out(String name, String value, String text) {
    assertThatThrownBy(() -> EvidenceOptions.of("sweeps/x.runner.yaml", Map.of(name, value)))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("sweeps/x.runner.yaml: ")
        .hasMessageContaining(text);
  }

  @Test
  void a_layout_and_a_pattern_exclude_one_another() {
    assertThatThrownBy(
            () ->
                EvidenceOptions.of(
                    "x", Map.of("checkpoint.pattern", "a", "checkpoint.layout", "nanogpt")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Keep one of them");
  }
}
