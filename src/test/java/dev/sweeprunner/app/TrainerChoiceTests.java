package dev.sweeprunner.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.config.BuiltinConfig;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.ProgramConfig;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.sweep.Places;
import dev.sweeprunner.sweep.SpaceOptions;
import dev.sweeprunner.sweep.SweepFileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who trains a sweep. */
class TrainerChoiceTests {
  private static final String SETTINGS =
      """
      parameters:
        experiment.max_compartments: 16
        training.seed: {values: [1, 2]}
      """;

  private static final String OTHERS = "parameters:\n  n_layer: 2\n  lr: {values: [0.1, 0.2]}\n";
  private static final String PROGRAM = "program: train.py\n";

  @TempDir Path folder;

  private TrainerChoice.Chosen choose(String wish, String yaml) {
    try {
      Path file = Files.writeString(folder.resolve("a.yaml"), yaml);
      return new TrainerChoice(wish, SpaceOptions.NONE)
          .of(SweepFileReader.read(file, Map.of()), Places.of(folder, file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Nested
  class Left_to_itself {
    @Test
    void it_is_the_built_in_one_where_every_parameter_is_one_of_its_settings() {
      TrainerChoice.Chosen chosen = choose("auto", PROGRAM + SETTINGS);

      assertThat(chosen.points().byProgram()).isFalse();
      assertThat(chosen.points().at(0).config()).isInstanceOf(BuiltinConfig.class);
      assertThat(chosen.why()).contains("built-in", "every parameter");
    }

    @Test
    void it_is_the_program_where_one_parameter_is_none_of_them() {
      TrainerChoice.Chosen chosen = choose("auto", PROGRAM + SETTINGS + "  n_layer: 2\n");

      assertThat(chosen.points().byProgram()).isTrue();
      assertThat(chosen.points().at(0).config()).isInstanceOf(ProgramConfig.class);
      assertThat(chosen.why())
          .isEqualTo(
              "the program train.py: n_layer is no setting of the built-in one"
                  + " (nearest: model.n_layer)");
    }

    @Test
    void a_command_without_a_program_will_do() {
      TrainerChoice.Chosen chosen = choose("auto", "command: [./run.sh, \"${args}\"]\n" + OTHERS);

      assertThat(chosen.points().byProgram()).isTrue();
      assertThat(chosen.why()).startsWith("the file's command: n_layer is no setting");
    }

    @Test
    void where_neither_can_the_error_has_the_place_and_both_ways_out() {
      assertThatThrownBy(() -> choose("auto", OTHERS))
          .isInstanceOf(UserError.class)
          .hasMessageContaining(folder.resolve("a.yaml") + ":2: n_layer is no setting of a run")
          .hasMessageContaining("the file names no program")
          .hasMessageContaining("Did you mean model.n_layer? Or name the program");
    }

    @Test
    void a_command_of_options_alone_names_no_program() {
      assertThatThrownBy(() -> choose("auto", "command: [--job.config-file, base.toml]\n" + OTHERS))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("the file names no program");
    }

    @Test
    void a_misspelt_setting_beside_a_base_toml_is_no_program_s_parameter() {
      String file =
          """
          program: train.py
          command: [python, "${program}", --job.config-file, base.toml, "${args}"]
          parameters: {model.n_layr: {values: [1]}}
          """;

      assertThatThrownBy(() -> choose("auto", file))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("Did you mean model.n_layer? Or say --trainer program");
      assertThat(choose("program", file).points().byProgram()).isTrue();
    }

    @Test
    void without_anything_near_only_the_program_is_a_way_out() {
      assertThatThrownBy(() -> choose("auto", "parameters: {num_warmup_epochs_of_head: 1}"))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("Name the program that takes it: program: train.py")
          .hasMessageNotContaining("Did you mean");
    }
  }

  @Nested
  class As_the_user_wishes {
    @Test
    void the_built_in_one_has_the_grid() {
      TrainerChoice.Chosen chosen = choose("builtin", PROGRAM + SETTINGS);

      assertThat(chosen.points().byProgram()).isFalse();
      assertThat(chosen.why()).isEqualTo("the built-in one, as --trainer says");
    }

    @Test
    void the_built_in_one_refuses_a_parameter_that_is_no_setting() {
      assertThatThrownBy(() -> choose("builtin", PROGRAM + OTHERS))
          .isInstanceOf(UserError.class)
          .hasMessageContaining(folder.resolve("a.yaml") + ":3: n_layer is no setting of a run");
    }

    @Test
    void a_program_with_the_built_in_settings_keeps_their_ids_and_folders() {
      Points builtin = choose("builtin", PROGRAM + SETTINGS).points();

      TrainerChoice.Chosen chosen = choose("program", PROGRAM + SETTINGS);

      assertThat(chosen.points().byProgram()).isTrue();
      assertThat(chosen.points().size()).isEqualTo(2);
      assertThat(chosen.points().key(0)).isEqualTo(builtin.key(0));
      assertThat(chosen.points().key(1)).isEqualTo(builtin.key(1));
      assertThat(chosen.why()).isEqualTo("the program train.py, as --trainer says");
    }

    @Test
    void a_program_has_parameters_of_its_own() {
      TrainerChoice.Chosen chosen = choose("program", PROGRAM + OTHERS);

      assertThat(chosen.points().byProgram()).isTrue();
      assertThat(chosen.points().at(0).config()).isInstanceOf(ProgramConfig.class);
    }

    @Test
    void a_program_that_the_file_does_not_name_is_refused() {
      assertThatThrownBy(() -> choose("program", SETTINGS))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("it names no program for --trainer program")
          .hasMessageContaining("program: train.py");
    }
  }

  @Nested
  class Of_points_drawn_at_random {
    private static final String RANDOM = "method: random\nrun_cap: 5\n" + PROGRAM;

    @Test
    void the_programs_own_are_the_programs() {
      Points points = choose("auto", RANDOM + "parameters: {lr: {min: 0.0, max: 1.0}}").points();

      assertThat(points.byProgram()).isTrue();
      assertThat(points.size()).isEqualTo(5);
    }

    @Test
    void a_program_draws_the_built_in_settings_too() {
      Points points = choose("program", RANDOM + SETTINGS).points();

      assertThat(points.size()).isEqualTo(5);
      assertThat(points.at(0).config()).isInstanceOf(ProgramConfig.class);
    }

    @Test
    void the_built_in_one_refuses_them_and_says_who_can() {
      assertThatThrownBy(() -> choose("auto", RANDOM + SETTINGS))
          .isInstanceOf(UserError.class)
          .hasMessageContaining(folder.resolve("a.yaml") + ":1")
          .hasMessageContaining("random");
    }
  }
}
