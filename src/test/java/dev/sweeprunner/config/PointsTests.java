package dev.sweeprunner.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.sweep.Places;
import dev.sweeprunner.sweep.SweepFileReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PointsTests {
  private static final String HEAD = "parameters:\n  experiment.max_compartments: 16\n  ";

  @TempDir Path folder;
  private SweepFolder sweeps;

  @BeforeEach
  void open_a_folder() {
    sweeps = new SweepFolder(folder);
  }

  private void refuses(String yaml, String... words) {
    assertThatThrownBy(() -> sweeps.points(yaml))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(words);
  }

  @Nested
  class A_value_of_the_grid {
    @Test
    void keeps_the_form_it_was_given_in() throws IOException {
      Points points = sweeps.points(HEAD + "experiment.translation_ratio: {values: [1, 1.0]}");

      assertThat(points.runId(0)).isNotEqualTo(points.runId(1));
      assertThat(points.at(0).config().canonicalJson()).contains("\"translation_ratio\":1,");
      assertThat(points.at(1).config().canonicalJson()).contains("\"translation_ratio\":1.0,");
      assertThat(((BuiltinConfig) points.at(0).config()).experiment().translationRatio())
          .isEqualTo(1);
    }

    @Test
    void that_is_a_whole_float_fits_an_integer_field() throws IOException {
      Point point = sweeps.points(HEAD + "model.n_embd: 64.0\n  training.seed: 7.0").at(0);

      assertThat(((BuiltinConfig) point.config()).model().nEmbd()).isEqualTo(64);
      assertThat(point.config().canonicalJson())
          .contains("\"n_embd\":64.0,", "\"assignment_seed\":7.0,", "\"seed\":7.0,\"system\"");
      assertThat(point.key().seed()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "optimizer.learning_rate: 1e-4 | Write 1.0e-4: YAML takes 1e-4 as a string",
          "optimizer.learning_rate: '1e-4' | Write 1.0e-4 without quotes",
          "optimizer.learning_rate: 3E4 | Write 3.0e+4: YAML",
          "optimizer.learning_rate: 1.5e6 | Write 1.5e+6: YAML",
          "optimizer.learning_rate: -2.e3 | Write -2.0e+3: YAML",
          "optimizer.learning_rate: fast | it takes a number. Write a number.",
          "optimizer.learning_rate: {values: [0.1, '0.2']} | Write a number, without quotes",
          "optimizer.learning_rate: yes | optimizer.learning_rate is true; it takes a number",
          "optimizer.learning_rate: .inf | optimizer.learning_rate is inf",
          "optimizer.learning_rate: .nan | optimizer.learning_rate is nan",
          "optimizer.learning_rate: null | optimizer.learning_rate is null",
          "optimizer.learning_rate: {value: [1]} | optimizer.learning_rate is [1]",
          "optimizer.learning_rate: {value: [1]} | Write a number, not a list",
          "model.n_embd: 1.5 | model.n_embd is 1.5; it takes a whole number",
          "model.n_embd: 1e3 | Write 1.0e+3: YAML",
          "model.n_embd: on | model.n_embd is true; it takes a whole number",
          "model.n_embd: 2147483648 | Write a number from -2147483648 to 2147483647",
          "training.seed: 9223372036854775808 | training.seed is 9223372036854775808",
          "training.seed: 1.0e+19 | training.seed is 1e+19",
          "model.vocab_size: x | it takes a whole number or null",
          "model.vocab_size: x | Write a whole number, or null.",
          "model.vocab_size: 'x' | Write a whole number, without quotes, or null",
          "model.vocab_size: None | Write null: YAML takes None as a string",
          "model.vocab_size: 'null' | Write null without quotes",
          "model.size_tier: None | Write null: YAML takes None as a string",
          "model.size_tier: big | Choose one of them, or null",
          "logging.wandb_group: no | Write a string, in quotes, or null",
          "logging.wandb_group: {value: [a]} | Write a string, not a list, or null",
          "model.bias: 'true' | Write true or false, without quotes",
          "model.bias: y | it takes true or false. Write true or false.",
          "data.compartment_train_bins: {value: [1]} | a list of strings, each in quotes, or null",
          "data.compartment_train_bins: 'a' | Write a list of strings, or null",
          "model.bias: 1 | model.bias is 1; it takes true or false",
          "model.bias: 'true' | model.bias is the string \"true\"",
          "model.size_tier: 8:32 | model.size_tier is 512; it takes a string or null",
          "model.size_tier: 8-31 | not one of 8-32, 8-64, 8-128, 8-256",
          "data.source: uniformly | Did you mean uniform",
          "data.compartment_train_bins: {value: [a, 1]} | it takes a list of strings or null",
          "data.compartment_train_bins: a | it takes a list of strings or null"
        })
    void that_does_not_fit_its_field_is_refused_with_line_and_way_out(
        String parameter, String words) {
      refuses(HEAD + parameter, folder.resolve("a.yaml") + ":3: ", words);
    }

    @Test
    void that_is_a_map_sets_several_fields_of_its_section() throws IOException {
      Points points =
          sweeps.points(
              HEAD
                  + "experiment: {values: [{translation_ratio: 0.1, n_compartments: 2},"
                  + " {translation_ratio: 0.2, n_compartments: 3}, {n_compartments: 4}]}");

      assertThat(points.size()).isEqualTo(3);
      assertThat(points.overrides(1))
          .hasToString(
              "{experiment.max_compartments=16, experiment.translation_ratio=0.2,"
                  + " experiment.n_compartments=3}");
      assertThat(((BuiltinConfig) points.at(1).config()).experiment().translationRatio())
          .isEqualTo(0.2);
      assertThat(((BuiltinConfig) points.at(2).config()).experiment().translationRatio()).isZero();
      assertThat(((BuiltinConfig) points.at(2).config()).experiment().nCompartments()).isEqualTo(4);
      assertThat(points.runId(1))
          .isEqualTo(
              sweeps
                  .points(
                      HEAD + "experiment.translation_ratio: 0.2\n  experiment.n_compartments: 3")
                  .runId(0));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "experiment: {value: {ratio: 2}} | experiment.ratio is no setting of a run",
          "some: {value: {thing: 2}} | some.thing is no setting of a run",
          "experiment: {values: [{translation_ratio: x}]} | experiment.translation_ratio is the"
              + " string",
          "model.n_embd: {value: {a: 2}} | model.n_embd is given a map; it takes a whole number",
          "experiment: {values: [1, 2]} | experiment is a section and is given a plain value"
        })
    void that_is_a_map_which_no_field_takes_is_refused(String parameter, String words) {
      refuses(HEAD + parameter, folder.resolve("a.yaml") + ":3: ", words);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "experiment.n_compartment: 2 | Did you mean experiment.n_compartments",
          "model.n_compartments: 2 | Did you mean experiment.n_compartments",
          "modle.n_embd: 2 | Did you mean model.n_embd",
          "seed: 2 | Did you mean training.seed",
          "some.thing: 2 | the sections are data, distributed, experiment"
        })
    void that_sets_nothing_known_is_refused(String parameter, String words) {
      String key = parameter.replaceFirst(":.*", "");

      refuses(HEAD + parameter, folder.resolve("a.yaml") + ":3: " + key + " is no setting", words);
    }
  }

  @Nested
  class A_base_toml {
    private static final String SWEEP =
        "command: [x.toml]\nparameters: {training.seed: {values: [1, 2]}}";

    @Test
    void stands_under_the_overrides() throws IOException {
      sweeps.with(
          "x.toml", "[training]\nseed = 9\nbatch_size = 3\n[experiment]\nmax_compartments = 2");

      BuiltinConfig config = (BuiltinConfig) sweeps.points(SWEEP).at(1).config();

      assertThat(config.training().seed()).isEqualTo(2);
      assertThat(config.training().batchSize()).isEqualTo(3);
    }

    @Test
    void that_is_missing_is_refused_with_all_places_tried() {
      refuses(
          SWEEP,
          folder.resolve("a.yaml") + ":1: the base TOML x.toml is not there",
          folder.resolve("x.toml").toString(),
          folder.resolveSibling("x.toml").toString());
    }

    @Test
    void is_found_above_the_sweep_file_and_then_named_in_full() throws IOException {
      sweeps.with("x.toml", "[training\n").with("home/keep", "").with("deep/sweeps/a.yaml", SWEEP);
      Path file = sweeps.path("deep/sweeps/a.yaml");
      Places places = Places.of(sweeps.path("home"), file);

      assertThatThrownBy(() -> Points.of(SweepFileReader.read(file, Map.of()), places))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith(sweeps.path("x.toml") + ":1: not TOML");
    }

    @Test
    void that_sets_no_most_compartments_makes_every_point_invalid() throws IOException {
      sweeps.with("x.toml", "[training]\nseed = 9\n");

      Points points = sweeps.points(SWEEP);

      assertThat(points.at(0).invalid())
          .isEqualTo(
              "experiment.max_compartments is not set; it is required and greater than 0"
                  + " (in x.toml)");
      assertThat(points.at(1).invalid()).isEqualTo(points.at(0).invalid());
    }
  }

  @Nested
  class A_point_that_breaks_a_rule {
    @Test
    void is_invalid_and_keeps_its_id_while_the_others_run() throws IOException {
      sweeps.with("x.toml", "[experiment]\nmax_compartments = 16\n");

      Points points =
          sweeps.points(
              "command: [x.toml]\nparameters:\n  experiment.n_compartments: {values: [2, 128]}\n");

      assertThat(points.at(0).invalid()).isNull();
      assertThat(points.at(1).invalid())
          .isEqualTo("experiment.n_compartments is 128, but experiment.max_compartments is 16");
      assertThat(points.at(1).runId()).isEqualTo(points.runId(1)).isNotEqualTo(points.runId(0));
      assertThat(points.indexOf(points.runId(1))).hasValue(1);
    }
  }

  @Nested
  class Points_with_the_same_config {
    @Test
    void are_one_run_under_the_first_of_them() throws IOException {
      Points points =
          sweeps.points(
              HEAD
                  + "training.seed: {values: [1, 2]}\n"
                  + "  experiment.assignment_seed: {values: [5, 6]}");

      assertThat(points.size()).isEqualTo(4);
      assertThat(points.runId(1)).isEqualTo(points.runId(0));
      assertThat(points.runId(2)).isNotEqualTo(points.runId(0));
      assertThat(List.of(points.firstIndex(0), points.firstIndex(1), points.firstIndex(3)))
          .containsExactly(0, 0, 2);
      assertThat(points.isDuplicate(0)).isFalse();
      assertThat(points.isDuplicate(1)).isTrue();
      assertThat(points.indexOf(points.runId(1))).hasValue(0);
      assertThat(points.collisions()).isEmpty();
      assertThat(points.at(1).invalid()).isNull();
    }
  }

  @Nested
  class Different_configs_with_the_same_id {
    /** Seeds 10, 20 and 21 collide; 10 stands twice. */
    private static final String GRID = HEAD + "training.seed: {values: [10, 11, 20, 10, 21]}";

    private static final RunIdHash BY_TENS =
        data -> {
          String json = new String(data, StandardCharsets.US_ASCII);
          return json.contains("\"seed\":11,") ? 0xffffff11 : 0x80000001;
        };

    @Test
    void leave_the_id_to_the_first_in_the_grid() throws IOException {
      Points points = sweeps.points(GRID, BY_TENS);

      assertThat(points.collisions())
          .containsExactly(new Collision("80000001", List.of(0, 2, 4), 0));
      assertThat(points.at(0).invalid()).isNull();
      assertThat(points.at(1).invalid()).isNull();
      assertThat(points.at(2).invalid())
          .isEqualTo(
              "points 0 and 2 have different configs and the same run id 80000001; point 0 keeps"
                  + " it");
      assertThat(points.at(3).invalid()).isNull();
      assertThat(points.isDuplicate(3)).isTrue();
      assertThat(points.at(4).invalid()).contains("points 0 and 4");
      assertThat(points.indexOf("80000001")).hasValue(0);
      assertThat(points.indexOf("ffffff11")).hasValue(1);
    }

    @Test
    void leave_the_id_to_the_one_that_holds_it_on_disk() throws IOException {
      Points points = sweeps.points(GRID, BY_TENS);
      String holder = points.at(4).config().sha256();

      Points awarded = points.awarding(Map.of("80000001", holder, "12345678", "x"));

      assertThat(awarded.at(4).invalid()).isNull();
      assertThat(awarded.at(0).invalid()).contains("points 4 and 0", "point 4 keeps it");
      assertThat(awarded.at(3).invalid()).contains("points 4 and 3");
      assertThat(awarded.at(2).invalid()).contains("points 4 and 2");
      assertThat(awarded.indexOf("80000001")).hasValue(4);
      assertThat(points.at(0).invalid()).isNull();
    }

    @Test
    void stay_with_the_first_when_a_stranger_holds_the_id() throws IOException {
      Points awarded = sweeps.points(GRID, BY_TENS).awarding(Map.of("80000001", "stranger"));

      assertThat(awarded.indexOf("80000001")).hasValue(0);
      assertThat(awarded.at(2).invalid()).contains("point 0 keeps it");
    }
  }

  @Test
  void an_id_of_no_point_is_not_found() throws IOException {
    Points points = sweeps.points(HEAD + "training.seed: 1");

    assertThat(points.indexOf("00000000")).isEmpty();
    assertThat(points.indexOf("ffffffff")).isEmpty();
    assertThat(points.indexOf(points.runId(0).toUpperCase(java.util.Locale.ROOT) + "0")).isEmpty();
    assertThat(points.indexOf("nonsense")).isEmpty();
    assertThat(points.indexOf(points.runId(0))).hasValue(0);
  }

  @Test
  void folders_are_slugs_of_project_and_name() throws IOException {
    Points points = sweeps.points("project: My Project!\nname: a/b\n" + HEAD + "training.seed: 1");

    assertThat(points.projectSlug()).isEqualTo("My-Project");
    assertThat(points.groupSlug()).isEqualTo("a-b");
    assertThat(points.at(0).key().folder()).isEqualTo("My-Project/a-b/" + points.runId(0) + "_s1");
  }

  @Test
  void every_name_has_a_folder_and_names_in_other_scripts_have_their_own() throws IOException {
    List<String> names = List.of("实验", "é", "🚀", "実験A", "データA", "A", "...", "\u0416 \u0416");
    Set<String> folders = new HashSet<>();
    for (String name : names) {
      folders.add(sweeps.points("name: \"" + name + "\"\n" + HEAD + "model.bias: no").groupSlug());
    }

    assertThat(folders).hasSameSizeAs(names).contains("A").allMatch(f -> f.matches("[\\w.-]+"));
  }

  @Test
  void a_grid_that_does_not_fit_memory_is_refused() {
    String thousand = "{values: [" + "0, ".repeat(999) + "0]}";
    refuses(
        HEAD
            + "training.seed: "
            + thousand
            + "\n  model.n_embd: "
            + thousand
            + "\n  model.n_head: {values: ["
            + "0, ".repeat(20)
            + "0]}",
        "21000000 points",
        "Split the sweep");
  }

  @Test
  void a_large_grid_has_every_id_of_its_points_and_finds_them() throws IOException {
    StringBuilder seeds = new StringBuilder("0");
    for (int i = 1; i < 5000; i++) {
      seeds.append(", ").append(i);
    }
    Points points =
        sweeps.points(
            HEAD + "model.bias: {values: [yes, no]}\n  training.seed: {values: [" + seeds + "]}");

    for (int i = 0; i < points.size(); i += 97) {
      Point point = points.at(i);
      byte[] json = point.config().canonicalJson().getBytes(StandardCharsets.US_ASCII);
      assertThat(points.runIdBits(i)).isEqualTo(RunIdHash.BLAKE2S.bits(json));
      assertThat(points.indexOf(points.runId(i))).isPresent();
      assertThat(((BuiltinConfig) point.config()).training().seed()).isEqualTo(i % 5000);
      assertThat(((BuiltinConfig) point.config()).model().bias()).isEqualTo(i < 5000);
    }
    assertThat(points.size()).isEqualTo(10_000);
  }

  @Test
  void a_sweep_may_be_read_from_a_relative_path() throws IOException {
    Files.writeString(folder.resolve("a.yaml"), HEAD + "training.seed: 1");
    Path relative = Path.of("").toAbsolutePath().relativize(folder.resolve("a.yaml"));

    Points points =
        Points.of(
            SweepFileReader.read(relative, Map.of()),
            Places.of(Path.of("").toAbsolutePath(), relative));

    assertThat(points.size()).isEqualTo(1);
    assertThat(points.sweep().path()).isEqualTo(relative);
  }
}
