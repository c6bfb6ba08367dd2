package dev.sweeprunner.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.sweep.SpaceOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Points that a user's own program trains: their identity is their parameters. */
class ProgramPointsTests {
  private static final String PROGRAM = "program: train.py\n";

  @TempDir Path folder;
  private SweepFolder sweeps;

  @BeforeEach
  void open_a_folder() {
    sweeps = new SweepFolder(folder);
  }

  private Points points(String yaml) throws IOException {
    return points("a.yaml", PROGRAM + yaml);
  }

  private Points points(String name, String yaml) throws IOException {
    return sweeps.with(name, yaml).programPointsOf(name, SpaceOptions.NONE);
  }

  @Nested
  class The_identity {
    /** The fixture says how Python made it. */
    @Test
    void is_what_pythons_json_and_hashlib_make_of_the_parameters() throws IOException {
      List<String[]> expected =
          SweepFolder.goldenLines("program/parameters.tsv").stream()
              .map(line -> line.split("\t"))
              .toList();

      Points points =
          sweeps
              .withGolden("program/parameters.yaml")
              .programPointsOf("program/parameters.yaml", SpaceOptions.NONE);

      assertThat(points.size()).isEqualTo(expected.size()).isGreaterThan(20);
      for (int i = 0; i < points.size(); i++) {
        String[] row = expected.get(i);
        Point point = points.at(i);
        assertThat(point.config().canonicalJson()).as("point %d", i).isEqualTo(row[2]);
        assertThat(point.config().sha256()).isEqualTo(row[1]);
        assertThat(point.runId()).isEqualTo(row[0]).isEqualTo(points.runId(i));
        assertThat(points.indexOf(row[0])).hasValue(i);
      }
    }

    @Test
    void does_not_depend_on_the_order_of_the_parameters() throws IOException {
      Points one = points("parameters: {b: {value: 1}, a: {value: 2}}");
      Points other = points("b.yaml", PROGRAM + "parameters: {a: {value: 2}, b: {value: 1}}");

      assertThat(other.runId(0)).isEqualTo(one.runId(0));
    }

    @Test
    void does_not_depend_on_how_the_program_is_run() throws IOException {
      Points one = points("parameters: {a: {value: 1}}");
      Points other =
          points(
              "b.yaml",
              "name: other\nprogram: x.py\ncommand: [\"${program}\"]\nparameters: {a: {value: 1}}");

      assertThat(other.runId(0)).isEqualTo(one.runId(0));
      assertThat(other.key(0).folder()).isNotEqualTo(one.key(0).folder());
    }

    @Test
    void is_in_small_letters_of_its_whole_json() throws IOException {
      ProgramConfig config =
          (ProgramConfig) points("parameters: {b: {value: x}, a: {value: 1}}").at(0).config();

      assertThat(config.canonicalJson()).isEqualTo("{\"a\":1,\"b\":\"x\"}");
      assertThat(config.sha256())
          .isEqualTo(Sha256.of(config.canonicalJson().getBytes(StandardCharsets.US_ASCII)));
    }
  }

  @Nested
  class The_names {
    @Test
    void are_those_of_the_file_where_it_gives_them() throws IOException {
      Points points = points("project: My Project!\nname: a/b\nparameters: {x: {value: 1}}");

      assertThat(points.project()).isEqualTo("My Project!");
      assertThat(points.group()).isEqualTo("a/b");
      assertThat(points.key(0)).isEqualTo(new RunKey("My-Project", "a-b", points.runId(0), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"deep/lr-scan.yaml", "deep/lr-scan.yml"})
    void are_else_the_folders_and_the_files_own(String file) throws IOException {
      Points points = points(file, PROGRAM + "parameters: {x: {value: 1}}");

      assertThat(points.project()).isEqualTo("deep");
      assertThat(points.group()).isEqualTo("lr-scan");
      assertThat(points.key(0).folder()).isEqualTo("deep/lr-scan/" + points.runId(0));
    }

    @Test
    void of_a_pipelines_sweep_stay_its_defaults() throws IOException {
      String yaml = "parameters: {experiment.max_compartments: {value: 16}}";

      Points points = sweeps.points(yaml);

      assertThat(points.project()).isEqualTo(points.sweep().project());
      assertThat(points.group()).isEqualTo(points.sweep().name());
    }

    @ParameterizedTest
    @CsvSource({
      "7, _s7",
      "-3, _s-3",
      "0, _s0",
      "7.0, ''",
      "1.5, ''",
      "'\"7\"', ''",
      "true, ''",
      "null, ''",
      "9223372036854775808, ''"
    })
    void end_in_the_seed_where_it_is_a_whole_number(String seed, String end) throws IOException {
      Points points = points("project: p\nname: g\nparameters: {seed: {value: " + seed + "}}");

      assertThat(points.key(0).folder()).isEqualTo("p/g/" + points.runId(0) + end);
      assertThat(points.at(0).key()).isEqualTo(points.key(0));
    }

    @Test
    void do_not_end_in_a_nested_seed() throws IOException {
      Points points = points("parameters: {data: {parameters: {seed: {value: 3}}}}");

      assertThat(points.key(0).seed()).isNull();
      assertThat(points.overrides(0)).isEqualTo(Map.of("data.seed", 3L));
    }
  }

  @Nested
  class Of_a_sweep_of_the_pipeline {
    private static final String YAML =
        PROGRAM
            + """
            project: p
            name: g
            parameters:
              experiment.max_compartments: 16
              training.seed: {values: [1, 2]}
            """;

    @Test
    void the_ids_and_folders_stay_where_a_program_trains_it() throws IOException {
      Points builtin = sweeps.points(YAML);

      Points program = builtin.forProgram();

      assertThat(builtin.byProgram()).isFalse();
      assertThat(program.byProgram()).isTrue();
      for (int i = 0; i < 2; i++) {
        assertThat(program.key(i)).isEqualTo(builtin.key(i));
        assertThat(program.at(i).config()).isInstanceOf(BuiltinConfig.class);
        assertThat(program.at(i).config().sha256()).isEqualTo(builtin.at(i).config().sha256());
      }
    }

    @Test
    void awarded_points_are_still_the_programs() throws IOException {
      Points program = sweeps.points(YAML).forProgram();

      assertThat(program.awarding(Map.of()).byProgram()).isTrue();
    }

    @Test
    void nothing_is_a_misfit() throws IOException {
      sweeps.with("a.yaml", YAML);

      assertThat(Points.misfit(sweeps.sweep("a.yaml"))).isEmpty();
    }
  }

  @Nested
  class A_misfit {
    @Test
    void is_the_first_parameter_that_is_no_setting_with_its_place_and_the_nearest()
        throws IOException {
      sweeps.with("a.yaml", "parameters:\n  training.seed: 1\n  model.n_layers: 2\n  lr: 3\n");

      Points.Misfit misfit = Points.misfit(sweeps.sweep("a.yaml")).orElseThrow();

      assertThat(misfit.key()).isEqualTo("model.n_layers");
      assertThat(misfit.where()).isEqualTo(folder.resolve("a.yaml") + ":3");
      assertThat(misfit.nearest()).contains("model.n_layer");
    }

    @Test
    void may_have_nothing_near_it() throws IOException {
      sweeps.with("a.yaml", "parameters: {num_warmup_epochs_of_head: 1}");

      assertThat(Points.misfit(sweeps.sweep("a.yaml")))
          .hasValueSatisfying(misfit -> assertThat(misfit.nearest()).isEmpty());
    }
  }

  @Test
  void points_know_what_varies_and_what_the_sweep_aims_at() throws IOException {
    Points points =
        points(
            """
            metric: {name: val_loss, goal: minimize}
            parameters:
              lr: {values: [0.1, 0.2]}
              model: {parameters: {depth: {values: [1, 2]}, kind: {value: small}}}
            """);

    assertThat(points.keys()).containsExactlyInAnyOrder("lr", "model.depth", "model.kind");
    assertThat(points.varied()).containsExactlyInAnyOrder("lr", "model.depth");
    assertThat(points.aim()).contains("val_loss");
    assertThat(points.workUnit()).isEqualTo("steps");
    assertThat(points.at(0).config().maxIters()).isZero();
  }

  @Test
  void random_points_that_come_twice_are_one_run_under_the_first() throws IOException {
    Points points = points("method: random\nrun_cap: 12\nparameters: {x: {values: [1, 2, 3]}}");
    Set<String> ids = new HashSet<>();

    for (int i = 0; i < points.size(); i++) {
      boolean first = ids.add(points.runId(i));
      assertThat(points.isDuplicate(i)).isEqualTo(!first);
      assertThat(points.runId(points.firstIndex(i))).isEqualTo(points.runId(i));
      assertThat(points.firstIndex(i)).isLessThanOrEqualTo(i);
      assertThat(points.at(i).invalid()).isNull();
    }

    assertThat(points.size()).isEqualTo(12);
    assertThat(ids).hasSizeBetween(1, 3);
    assertThat(points.collisions()).isEmpty();
  }

  @Test
  void more_random_points_leave_the_ids_of_the_first() throws IOException {
    sweeps.with(
        "a.yaml", PROGRAM + "method: random\nrun_cap: 4\nparameters: {x: {min: 0.0, max: 1.0}}");

    Points few = sweeps.programPointsOf("a.yaml", SpaceOptions.NONE);
    Points many = sweeps.programPointsOf("a.yaml", new SpaceOptions(OptionalInt.of(9), false));

    assertThat(few.size()).isEqualTo(4);
    assertThat(many.size()).isEqualTo(9);
    for (int i = 0; i < 4; i++) {
      assertThat(many.runId(i)).isEqualTo(few.runId(i));
    }
  }

  @Test
  void more_points_than_memory_holds_are_refused() {
    StringBuilder numbers = new StringBuilder("0");
    for (int i = 1; i < 300; i++) {
      numbers.append(", ").append(i);
    }
    String list = "{values: [" + numbers + "]}";
    String yaml = "parameters: {a: " + list + ", b: " + list + ", c: " + list + "}";

    assertThatThrownBy(() -> points(yaml))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("27000000");
  }

  @Test
  void words_that_look_like_numbers_are_told_and_are_numbers_where_the_user_says_so()
      throws IOException {
    sweeps.with("a.yaml", PROGRAM + "parameters: {lr: {value: 1e-4}}");

    Points words = sweeps.programPointsOf("a.yaml", SpaceOptions.NONE);
    Points numbers = sweeps.programPointsOf("a.yaml", new SpaceOptions(OptionalInt.empty(), true));

    assertThat(words.at(0).config().canonicalJson()).isEqualTo("{\"lr\":\"1e-4\"}");
    assertThat(words.warnings()).anyMatch(line -> line.contains("1e-4"));
    assertThat(numbers.at(0).config().canonicalJson()).isEqualTo("{\"lr\":0.0001}");
    assertThat(numbers.warnings()).noneMatch(line -> line.contains("1e-4"));
  }
}
