package dev.sweeprunner.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sweep files that runs already exist for: their ids and folders, as {@code status} prints them.
 */
class GoldenIdsIT {
  private static final List<String> FILES =
      List.of(
          "sweeps/bpe16384-8-32.yaml",
          "sweeps/bpe16384-n3-n5.yaml",
          "sweeps/uniform-absolute-translation-ratio.yaml",
          "config/sweep-base-bpe16384.toml",
          "config/sweep-base-bpe16384-absolute.toml",
          "config/sweep-base-uniform-absolute-translation-ratio.toml");

  @TempDir Path folder;

  @BeforeEach
  void lay_out_the_sweeps() throws IOException {
    for (String file : FILES) {
      Path target = folder.resolve(file);
      Files.createDirectories(Objects.requireNonNull(target.getParent()));
      Files.write(target, resource(file));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sweeps/bpe16384-8-32.yaml",
        "sweeps/bpe16384-n3-n5.yaml",
        "sweeps/uniform-absolute-translation-ratio.yaml"
      })
  void existing_runs_keep_their_ids_and_folders(String sweep) throws IOException {
    List<String> expected = new ArrayList<>();
    for (String line : new String(resource("run-ids.tsv"), UTF_8).lines().skip(1).toList()) {
      String[] columns = line.split("\t");
      if (columns[0].equals(sweep)) {
        expected.add(columns[1] + " " + columns[2] + " out/" + columns[3]);
      }
    }

    List<String> printed =
        Status.of(folder, sweep, "root").stream()
            .map(
                point ->
                    point.path("index").asInt()
                        + " "
                        + point.path("run_id").asString()
                        + " "
                        + point.path("out_dir").asString())
            .toList();

    assertThat(expected).isNotEmpty();
    assertThat(printed).isEqualTo(expected);
  }

  @Test
  void the_sweep_that_comes_with_the_project_is_one_of_them() throws IOException {
    Path ours = Path.of("sweeps", "bpe16384-n3-n5.yaml").toAbsolutePath();

    List<String> ids =
        Status.of(folder, ours.toString(), "root").stream()
            .map(point -> point.path("run_id").asString())
            .toList();

    assertThat(ids).hasSize(80).startsWith("b710e5d2");
    assertThat(new String(resource("run-ids.tsv"), UTF_8)).contains(ids);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = GoldenIdsIT.class.getResourceAsStream("/golden/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
