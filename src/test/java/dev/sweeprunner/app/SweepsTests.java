package dev.sweeprunner.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.host.Environment;
import dev.sweeprunner.options.CommandLine;
import dev.sweeprunner.options.Properties;
import dev.sweeprunner.options.Settings;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.program.ProgramTraining;
import dev.sweeprunner.program.state.ProgramFormat;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.testkit.Life;
import dev.sweeprunner.testkit.ToldClaims;
import dev.sweeprunner.testkit.ToldJournal;
import dev.sweeprunner.train.checkpoint.TrainingFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sweep files of one invocation, some for the built-in trainer and some for programs. */
class SweepsTests {
  private static final String BUILTIN =
      """
      project: p
      name: builtin
      parameters:
        data.source: uniform
        model.vocab_size: 4
        model.block_size: 8
        model.n_embd: 8
        model.n_head: 2
        experiment.max_compartments: 16
        training.seed: {values: [1, 2]}
      """;

  private static final String PROGRAM =
      """
      project: p
      name: own
      program: train.sh
      command: ["./train.sh", "${args}"]
      parameters: {x: {values: [1, 2, 3]}}
      """;

  @TempDir Path folder;
  private final List<String> notices = new ArrayList<>();

  @BeforeEach
  void write_the_sweeps() throws IOException {
    Files.writeString(folder.resolve("builtin.yaml"), BUILTIN);
    Files.writeString(folder.resolve("own.yaml"), PROGRAM);
    Files.writeString(folder.resolve("train.sh"), "#!/bin/bash\n");
  }

  private Sweeps load(List<String> files, String... options) {
    Environment environment =
        new Environment(Map.of("HOME", folder.toString()), Map.of("user.dir", folder.toString()));
    Properties packed = Properties.packed();
    String[] args =
        Stream.concat(
                Stream.of(options), files.stream().map(file -> "--sweep=" + folder.resolve(file)))
            .toArray(String[]::new);
    Settings settings =
        Settings.read(
            packed,
            CommandLine.parse(args, packed.names()),
            environment.variables(),
            environment::path,
            folder);
    return Sweeps.load(
        files.stream().map(folder::resolve).toList(),
        folder,
        new ObjectGraph(settings, environment),
        notices::add);
  }

  @Test
  void each_sweep_has_its_own_trainer_and_its_own_kind_of_checkpoint() {
    Sweeps sweeps = load(List.of("builtin.yaml", "own.yaml"));

    assertThat(sweeps.all()).hasSize(2);
    Sweeps.Loaded builtin = sweeps.all().get(0);
    Sweeps.Loaded own = sweeps.all().get(1);
    assertThat(builtin.points().byProgram()).isFalse();
    assertThat(builtin.format()).isInstanceOf(TrainingFormat.class);
    assertThat(builtin.grace()).isZero();
    assertThat(own.points().byProgram()).isTrue();
    assertThat(own.training()).isInstanceOf(ProgramTraining.class);
    assertThat(own.format()).isInstanceOf(ProgramFormat.class);
    assertThat(own.grace()).isEqualTo(Duration.ofSeconds(30));
    assertThat(own.why()).contains("train.sh", "x is no setting");
  }

  @Test
  void a_question_about_a_run_goes_to_whoever_trains_it_in_either_order() {
    for (List<String> files :
        List.of(List.of("builtin.yaml", "own.yaml"), List.of("own.yaml", "builtin.yaml"))) {
      Sweeps sweeps = load(files);
      Training training = sweeps.training();

      RunConfig builtin = config(sweeps, files.indexOf("builtin.yaml"));
      RunConfig own = config(sweeps, files.indexOf("own.yaml"));

      assertThat(training.size(builtin).whole()).isPositive();
      assertThat(training.size(own).whole()).isZero();
      assertThat(training.refusal(builtin)).isEmpty();
      assertThat(training.refusal(own)).isEmpty();
      assertThat(training.missing(own)).isEmpty();
      assertThat(training.device()).doesNotContain("program");
    }
  }

  @Test
  void where_a_program_trains_the_pipelines_points_their_questions_go_to_it_too()
      throws IOException {
    Files.writeString(folder.resolve("pipeline.yaml"), "program: train.sh\n" + BUILTIN);

    Sweeps sweeps = load(List.of("pipeline.yaml"), "--trainer", "program");

    assertThat(sweeps.builtin()).isFalse();
    assertThat(sweeps.training().size(config(sweeps, 0)).whole()).isZero();
  }

  @Test
  void one_that_only_answers_questions_trains_nothing() {
    Sweeps sweeps = load(List.of("builtin.yaml", "own.yaml"));
    Sweeps.Loaded own = sweeps.all().get(1);
    ClaimedRun claimed =
        new Life(
                folder.resolve("storage"),
                own.points(),
                Trace.OFF,
                0,
                Telemetry.OFF,
                own.training(),
                own.format(),
                Optional::empty)
            .claim()
            .orElseThrow();

    assertThatThrownBy(() -> sweeps.training().start(claimed, null, line -> {}))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void one_kind_alone_is_its_own_trainer() {
    Sweeps own = load(List.of("own.yaml"));
    Sweeps builtin = load(List.of("builtin.yaml"));

    assertThat(own.training()).isInstanceOf(ProgramTraining.class);
    assertThat(own.builtin()).isFalse();
    assertThat(builtin.training()).isSameAs(builtin.all().get(0).training());
    assertThat(builtin.builtin()).isTrue();
    assertThat(builtin.grace()).isZero();
  }

  @Test
  void the_longest_grace_of_them_counts_and_a_file_beside_a_sweep_sets_its_own()
      throws IOException {
    Files.writeString(folder.resolve("other.yaml"), PROGRAM.replace("own", "other"));
    Files.writeString(folder.resolve("other.runner.yaml"), "grace: 3m\n");

    Sweeps sweeps = load(List.of("own.yaml", "other.yaml"), "--program.grace", "10s");

    assertThat(sweeps.all().get(0).grace()).isEqualTo(Duration.ofSeconds(10));
    assertThat(sweeps.all().get(1).grace()).isEqualTo(Duration.ofMinutes(3));
    assertThat(sweeps.grace()).isEqualTo(Duration.ofMinutes(3));
  }

  @Test
  void what_is_wrong_beside_a_sweep_has_its_place() throws IOException {
    Files.writeString(folder.resolve("own.runner.yaml"), "# how it runs\ngracce: 3m\n");

    assertThatThrownBy(() -> load(List.of("own.yaml")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(folder.resolve("own.runner.yaml") + ":2")
        .hasMessageContaining("grace");
  }

  @Test
  void a_rule_of_evidence_that_is_none_is_told_before_anything_starts() throws IOException {
    Files.writeString(folder.resolve("own.runner.yaml"), "checkpoint: {layout: tensorboard}\n");

    assertThatThrownBy(() -> load(List.of("own.yaml")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("tensorboard");
  }

  @Test
  void awarded_sweeps_keep_who_trains_them_and_why() {
    Sweeps sweeps = load(List.of("builtin.yaml", "own.yaml"));

    Sweeps awarded = sweeps.awarded(new ToldClaims(), new ToldJournal());

    assertThat(awarded.all()).isEqualTo(sweeps.all());
  }

  @Test
  void a_files_warnings_are_told_once() throws IOException {
    Files.writeString(folder.resolve("own.yaml"), PROGRAM + "early_terminate: {type: hyperband}\n");

    load(List.of("own.yaml"));

    assertThat(notices).filteredOn(note -> note.contains("early_terminate")).hasSize(1);
  }

  private static RunConfig config(Sweeps sweeps, int index) {
    Points points = sweeps.all().get(index).points();
    return points.at(0).config();
  }

  @Test
  void a_file_without_method_is_a_grid_and_that_is_said() {
    Sweeps sweeps = load(List.of("builtin.yaml"));

    assertThat(sweeps.all().get(0).points().size()).isPositive();
    assertThat(notices).hasSize(1);
    assertThat(notices.get(0)).contains("builtin.yaml: no method is given", "Write method: grid");
  }
}
