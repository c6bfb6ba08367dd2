package dev.sweeprunner.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.program.evidence.EvidenceOptions;
import dev.sweeprunner.run.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows of dead claims that a program will not log again. */
class InheritanceTests {
  private static final RunKey KEY = new RunKey("p", "g", "0a1b2c3d", null);

  @TempDir Path root;
  private Layout layout;

  @BeforeEach
  void makeLayout() {
    layout = new Layout(root);
  }

  private void logged(int epoch, String... lines) throws IOException {
    write(layout.programMetrics(KEY, epoch), lines);
  }

  private void printed(int epoch, String... lines) throws IOException {
    write(layout.runLog(KEY, epoch), lines);
  }

  private void write(Path file, String... lines) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, String.join("\n", lines) + "\n");
  }

  private void claims(int last) throws IOException {
    for (int epoch = 1; epoch <= last; epoch++) {
      Files.createDirectories(layout.meta(KEY, epoch));
    }
  }

  private List<Row> rows(String pattern, int epoch, long base, long last) {
    EvidenceOptions options = EvidenceOptions.of("program", Map.of("metrics.pattern", pattern));
    return List.copyOf(Inheritance.rows(layout, KEY, options, epoch, base, last));
  }

  private static Row row(long step, double loss) {
    return new Row(step, Map.of("loss", loss), Map.of());
  }

  @Test
  void from_the_base_to_the_checkpoint_are_inherited_both_included() throws IOException {
    claims(2);
    logged(
        1,
        "{\"step\": 1, \"loss\": 0.1}",
        "{\"step\": 2, \"loss\": 0.2}",
        "{\"step\": 3, \"loss\": 0.3}",
        "{\"step\": 4, \"loss\": 0.4}",
        "{\"step\": 5, \"loss\": 0.5}");

    assertThat(rows("", 2, 2, 4)).containsExactly(row(2, 0.2), row(3, 0.3), row(4, 0.4));
  }

  @Test
  void of_several_claims_are_the_newer_ones() throws IOException {
    claims(3);
    logged(1, "{\"step\": 3, \"loss\": 0.3}", "{\"step\": 4, \"loss\": 0.4}");
    logged(2, "{\"step\": 4, \"loss\": 4.0}", "{\"step\": 5, \"loss\": 5.0}");

    assertThat(rows("", 3, 3, 9)).containsExactly(row(3, 0.3), row(4, 4.0), row(5, 5.0));
  }

  @Test
  void of_one_step_that_was_logged_in_parts_are_whole() throws IOException {
    claims(2);
    logged(1, "{\"step\": 3, \"loss\": 0.3}", "{\"step\": 3, \"val_loss\": 0.5}");

    assertThat(rows("", 2, 0, 9))
        .containsExactly(new Row(3, Map.of("loss", 0.3, "val_loss", 0.5), Map.of()));
  }

  @Test
  void are_found_in_the_output_where_there_is_a_pattern() throws IOException {
    claims(2);
    printed(
        1,
        "2026-01-01T00:00:00Z loading",
        "2026-01-01T00:00:01Z step 3 loss 0.3",
        "step 4 loss 0.4");

    assertThat(rows("step (?<step>\\d+) loss (?<loss>\\S+)", 2, 0, 9))
        .containsExactly(row(3, 0.3), row(4, 0.4));
    assertThat(rows("", 2, 0, 9)).isEmpty();
  }

  @Test
  void of_the_heir_itself_and_of_later_claims_are_none() throws IOException {
    claims(3);
    logged(2, "{\"step\": 3, \"loss\": 0.3}");
    logged(3, "{\"step\": 4, \"loss\": 0.4}");

    assertThat(rows("", 2, 0, 9)).isEmpty();
  }

  @Test
  void that_cannot_be_read_are_left_out_and_the_others_are_not() throws IOException {
    claims(3);
    Files.createDirectories(layout.programMetrics(KEY, 1));
    logged(2, "torn {", "{\"step\": 4, \"loss\": 0.4}");

    assertThat(rows("", 3, 0, 9)).containsExactly(row(4, 0.4));
  }

  @Test
  void without_dead_claims_are_none() {
    assertThat(rows("", 1, 0, 9)).isEmpty();
    assertThat(rows("", 5, 0, 9)).isEmpty();
  }
}
