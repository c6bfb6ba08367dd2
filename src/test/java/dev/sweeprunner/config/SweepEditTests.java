package dev.sweeprunner.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.sweep.Places;
import dev.sweeprunner.sweep.SpaceOptions;
import dev.sweeprunner.sweep.SweepFile;
import dev.sweeprunner.sweep.SweepFileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepEditTests {
  private static final String SWEEP =
      """
      project: p
      name: n
      entity: e
      parameters:
        data.source: uniform
        experiment.max_compartments: 4
        experiment.n_compartments: {values: [2]}
        training.seed: {values: [1, 2, 3]}
      """;

  @TempDir Path folder;
  private Points before;

  @BeforeEach
  void read_the_sweep() {
    before = read(SWEEP);
  }

  @Test
  void is_counted_in_runs() {
    Points after = read(SWEEP.replace("[1, 2, 3]", "[3, 4, 2, 4, 5]"));

    assertThat(SweepEdit.between(before, after)).isEqualTo(new SweepEdit(2, 1));
    assertThat(SweepEdit.between(after, before)).isEqualTo(new SweepEdit(1, 2));
    assertThat(SweepEdit.between(before, read(SWEEP + "# a remark\n")))
        .isEqualTo(new SweepEdit(0, 0));
    assertThatCode(() -> SweepEdit.check(before, after)).doesNotThrowAnyException();
  }

  @Test
  void a_larger_run_cap_adds_points_to_a_random_sweep_and_changes_none() {
    String random =
        """
        method: random
        name: n
        program: train.py
        run_cap: 5
        parameters: {lr: {min: 0.001, max: 0.1}, layers: {values: [1, 2, 3]}}
        """;

    Points five = program(random);
    Points nine = program(random.replace("run_cap: 5", "run_cap: 9"));

    assertThat(SweepEdit.between(five, nine)).isEqualTo(new SweepEdit(4, 0));
    assertThat(SweepEdit.between(nine, five)).isEqualTo(new SweepEdit(0, 4));
  }

  @Test
  void what_the_runs_have_in_common_must_stay() {
    refused(SWEEP.replace("project: p", "project: q"), "the project was p and is now q");
    refused(SWEEP.replace("name: n", "name: m"), "the name was n and is now m");
    refused(SWEEP.replace("entity: e\n", ""), "the entity was e and is now none");
    assertThatThrownBy(() -> SweepEdit.check(before, read(SWEEP).forProgram()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("was the built-in trainer and is now a program");
  }

  @Test
  void a_point_that_can_never_run_is_not_added() {
    String invalid = SWEEP.replace("{values: [2]}", "{values: [2, 8]}");

    refused(invalid, "the added point 3");
    assertThatCode(() -> SweepEdit.check(read(invalid), read(invalid + "# a remark\n")))
        .doesNotThrowAnyException();
  }

  private void refused(String text, String what) {
    assertThatThrownBy(() -> SweepEdit.check(before, read(text)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("sweep.yaml")
        .hasMessageContaining(what);
  }

  private Points read(String text) {
    return Points.of(file(text), Places.of(folder, folder.resolve("sweep.yaml")));
  }

  private Points program(String text) {
    SweepFile sweep = file(text);
    return Points.ofProgram(sweep, sweep.space(SpaceOptions.NONE));
  }

  private SweepFile file(String text) {
    try {
      Path path = folder.resolve("sweep.yaml");
      return SweepFileReader.read(Files.writeString(path, text), Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
