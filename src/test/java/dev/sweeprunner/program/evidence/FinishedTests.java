package dev.sweeprunner.program.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FinishedTests {
  private static final OptionalLong NONE = OptionalLong.empty();

  @TempDir Path out;

  @Test
  void exit_0_is_enough_where_no_rule_is_given() {
    assertThat(finished(Map.of(), NONE).lacks(0, null, NONE)).isEmpty();
    assertThat(finished(Map.of(), NONE).lacks(3, null, NONE)).contains("exited with 3");
  }

  @Test
  void the_pipelines_programs_must_have_come_to_their_max_iters() throws Exception {
    Finished finished = finished(Map.of(), OptionalLong.of(100));
    assertThat(finished.lacks(0, null, NONE).orElseThrow()).contains("tells no iter_num");

    Path state = out.resolve("checkpoints/latest/trainer_state.json");
    Files.createDirectories(state.getParent());
    Files.writeString(state, "{\"iter_num\": 99}");
    assertThat(finished.lacks(0, null, NONE).orElseThrow()).endsWith("iter_num 99 of 100");
    Files.writeString(state, "{\"iter_num\": 100.0}");
    assertThat(finished.lacks(0, null, NONE)).isEmpty();
    assertThat(finished.lacks(1, null, NONE)).isPresent();
  }

  @Test
  void a_file_must_be_there() throws Exception {
    Finished finished = finished(Map.of("finished.file", "done/results.json"), NONE);
    assertThat(finished.lacks(0, null, NONE).orElseThrow()).contains("results.json");

    Files.createDirectories(out.resolve("done"));
    Files.writeString(out.resolve("done/results.json"), "");
    assertThat(finished.lacks(0, null, NONE)).isEmpty();
  }

  @Test
  void a_field_must_have_its_number() throws Exception {
    Finished finished = finished(Map.of("finished.json", "r.json:a.epoch >= 10"), NONE);
    assertThat(finished.lacks(0, null, NONE).orElseThrow())
        .isEqualTo(
            "exited with 0, but " + out.resolve("r.json:a.epoch") + " is not there, not >= 10");

    Files.writeString(out.resolve("r.json"), "{\"a\":{\"epoch\":9.5}}");
    assertThat(finished.lacks(0, null, NONE).orElseThrow()).endsWith("is 9.5, not >= 10");
    Files.writeString(out.resolve("r.json"), "{\"a\":{\"epoch\":10}}");
    assertThat(finished.lacks(0, null, NONE)).isEmpty();
  }

  @Test
  void the_rows_must_have_come_to_a_step_or_to_their_total() {
    Finished step = finished(Map.of("finished.step", "50"), NONE);
    assertThat(step.lacks(0, row(49, 1), NONE))
        .contains("exited with 0, but came to step 49 of 50");
    assertThat(step.lacks(0, row(50, 1), NONE)).isEmpty();
    assertThat(step.lacks(0, null, NONE)).isPresent();

    Finished total = finished(Map.of("finished.step", "total"), NONE);
    assertThat(total.lacks(0, row(50, 1), NONE).orElseThrow()).contains("never told its total");
    assertThat(total.lacks(0, row(50, 1), OptionalLong.of(51))).isPresent();
    assertThat(total.lacks(0, row(50, 1), OptionalLong.of(50))).isEmpty();
  }

  @Test
  void a_metric_must_be_good_enough() {
    Finished finished = finished(Map.of("finished.metric", "loss<=1.5"), NONE);

    assertThat(finished.lacks(0, row(1, 1.5), NONE)).isEmpty();
    assertThat(finished.lacks(0, row(1, 2), NONE))
        .contains("exited with 0, but loss is 2, not <= 1.5");
    assertThat(finished.lacks(0, row(1, Double.NaN), NONE)).isPresent();
  }

  @Test
  void all_rules_must_hold_and_a_rule_of_ones_own_replaces_the_pipelines() throws Exception {
    Finished finished =
        finished(Map.of("finished.step", "5", "finished.file", "a"), OptionalLong.of(100));

    assertThat(finished.lacks(0, row(5, 1), NONE)).isPresent();
    Files.writeString(out.resolve("a"), "");
    assertThat(finished.lacks(0, row(5, 1), NONE)).isEmpty();
    assertThat(finished.lacks(0, row(4, 1), NONE)).isPresent();
  }

  private Finished finished(Map<String, String> options, OptionalLong goal) {
    return new Finished(EvidenceOptions.of("s.runner.yaml", options), new Places(out, out), goal);
  }

  private static Row row(long step, double loss) {
    return new Row(step, Map.of("loss", loss), Map.of());
  }
}
