package dev.sweeprunner.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Runs that exist already, and configs whose identity Python's json and hashlib worked out. */
class GoldenRunsTests {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "sweeps/bpe16384-8-32.yaml, config/sweep-base-bpe16384.toml, 15",
    "sweeps/bpe16384-n3-n5.yaml, config/sweep-base-bpe16384-absolute.toml, 80",
    "sweeps/uniform-absolute-translation-ratio.yaml,"
        + " config/sweep-base-uniform-absolute-translation-ratio.toml, 80"
  })
  void every_run_of_a_real_sweep_has_its_id_folder_and_overrides(
      String sweep, String toml, int size) throws IOException {
    List<String[]> rows =
        SweepFolder.goldenLines("run-ids.tsv").stream()
            .map(line -> line.split("\t"))
            .filter(row -> row[0].equals(sweep))
            .toList();

    Points points = new SweepFolder(folder).withGolden(sweep).withGolden(toml).pointsOf(sweep);

    assertThat(rows).hasSize(size);
    assertThat(points.size()).isEqualTo(size);
    for (String[] row : rows) {
      int index = Integer.parseInt(row[1]);
      Point point = points.at(index);
      assertThat(point.runId()).as("point %d", index).isEqualTo(row[2]);
      assertThat(points.runId(index)).isEqualTo(row[2]);
      assertThat(point.key().folder()).isEqualTo(row[3]);
      assertThat(points.key(index)).isEqualTo(point.key());
      assertThat(point.invalid()).isNull();
      assertThat(points.indexOf(row[2])).hasValue(index);
      assertThat(plain(point.overrides())).isEqualTo(plain(row[4]));
      assertThat(point.overrides().keySet()).containsExactlyElementsOf(plain(row[4]).keySet());
    }
  }

  @Test
  void the_worked_example_has_its_canonical_json() throws IOException {
    Points points =
        new SweepFolder(folder)
            .withGolden("sweeps/bpe16384-n3-n5.yaml")
            .withGolden("config/sweep-base-bpe16384-absolute.toml")
            .pointsOf("sweeps/bpe16384-n3-n5.yaml");

    BuiltinConfig config = (BuiltinConfig) points.at(0).config();

    assertThat(config.canonicalJson()).isEqualTo(SweepFolder.golden("worked-example.json").strip());
    assertThat(config.training().maxIters()).isEqualTo(1_000_000);
    assertThat(config.training().batchSize()).isEqualTo(2048);
    assertThat(config.model().vocabSize()).isEqualTo(16_384);
    assertThat(config.experiment().assignmentSeed()).isEqualTo(64);
    assertThat(points.warnings())
        .containsExactly(
            folder.resolve("sweeps/bpe16384-n3-n5.yaml")
                + ": not used by the built-in trainer: program, command (beyond its TOML)",
            "./config/sweep-base-bpe16384-absolute.toml:15: training.always_save_checkpoints is"
                + " unknown and ignored; did you mean always_save_checkpoint?");
  }

  @Test
  void the_project_s_own_copy_of_a_real_sweep_gives_the_same_ids() throws IOException {
    Path home = Path.of("").toAbsolutePath();
    SweepFolder project = new SweepFolder(home);

    Points points = project.pointsOf("sweeps/bpe16384-n3-n5.yaml");

    List<String> expected =
        SweepFolder.goldenLines("run-ids.tsv").stream()
            .map(line -> line.split("\t"))
            .filter(row -> row[0].equals("sweeps/bpe16384-n3-n5.yaml"))
            .map(row -> row[2])
            .toList();
    for (int i = 0; i < points.size(); i++) {
      assertThat(points.runId(i)).isEqualTo(expected.get(i));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"forms", "note", "nested", "batches", "limits", "merged"})
  void odd_values_have_the_identity_that_python_gives_them(String name) throws IOException {
    SweepFolder sweeps =
        new SweepFolder(folder).with("a.yaml", SweepFolder.golden("cases/" + name + ".yaml"));
    if (name.equals("note")) {
      sweeps.with("note.toml", SweepFolder.golden("cases/note.toml"));
    }
    List<String> expected = SweepFolder.goldenLines("cases/" + name + ".ids");

    Points points = sweeps.pointsOf("a.yaml");

    assertThat(points.size()).isEqualTo(expected.size());
    for (int i = 0; i < points.size(); i++) {
      assertThat(points.runId(i) + "\t" + points.at(i).config().sha256())
          .as("point %d: %s", i, points.at(i).config().canonicalJson())
          .isEqualTo(expected.get(i));
    }
  }

  private static Map<String, Object> plain(Object overrides) {
    JsonMapper mapper = JsonMapper.shared();
    String json = overrides instanceof String text ? text : mapper.writeValueAsString(overrides);
    return mapper.readValue(json, new TypeReference<Map<String, Object>>() {});
  }
}
