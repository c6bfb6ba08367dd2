package dev.sweeprunner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Mistakes in the input: exit code 2, one line with the place and the way out. */
class BadInputIT {
  private static final String HEAD =
      """
      method: grid
      name: bad
      project: e2e
      command: [--job.config-file, base.toml]
      """;

  private static final String GOOD = HEAD + "parameters:\n  training.seed: {values: [1]}\n";

  @TempDir Path folder;

  static Stream<Mistake> mistakes() {
    return Stream.of(
        new Mistake("an empty sweep file", "", List.of("bad.yaml", "empty")),
        new Mistake(
            "a tab", HEAD + "parameters:\n\ttraining.seed: 1\n", List.of("bad.yaml:6", "tab")),
        new Mistake(
            "a key twice",
            GOOD + "  training.seed: {values: [2]}\n",
            List.of("bad.yaml:7", "training.seed")),
        new Mistake(
            "an unknown override",
            GOOD + "  experiment.n_compartment: {values: [2]}\n",
            List.of("bad.yaml:7", "experiment.n_compartment", "n_compartments")),
        new Mistake(
            "a wrong type",
            GOOD + "  model.n_embd: {values: [wide]}\n",
            List.of("bad.yaml:7", "model.n_embd", "wide")),
        new Mistake(
            "a number that YAML reads as text",
            GOOD + "  optimizer.learning_rate: {values: [1e-4]}\n",
            List.of("bad.yaml:7", "optimizer.learning_rate", "1.0e-4")),
        new Mistake(
            "no values",
            GOOD + "  model.n_embd: {values: []}\n",
            List.of("bad.yaml:7", "model.n_embd")),
        new Mistake("a missing TOML", GOOD.replace("base", "none"), List.of("none.toml")),
        new Mistake(
            "an unknown option", GOOD, List.of("--max-run", "--max-runs"), "--max-run", "3"),
        new Mistake("an unknown property", GOOD, List.of("claim.expiry"), "--claim.expire", "3s"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void is_told_in_one_line_with_place_and_way_out(Mistake mistake) throws IOException {
    Files.writeString(folder.resolve("bad.yaml"), mistake.sweep);
    Files.writeString(
        folder.resolve("base.toml"),
        "[experiment]\nmax_compartments = 2\n[data]\nsource = \"uniform\"\n");
    List<String> words =
        new ArrayList<>(
            List.of("--sweep", "bad.yaml", "--storage", "root", "--no-web", "--allow-behind"));
    words.addAll(mistake.options);

    var ended = JarProcess.run(folder, words);

    assertThat(ended.code()).as(ended.out() + ended.err()).isEqualTo(2);
    assertThat(ended.err().strip().lines()).hasSize(1);
    assertThat(ended.err()).contains(mistake.told);
    assertThat(folder.resolve("root/out/e2e")).doesNotExist();
  }

  /** One mistake and what its message must hold. */
  private record Mistake(String name, String sweep, List<String> told, List<String> options) {
    Mistake(String name, String sweep, List<String> told, String... options) {
      this(name, sweep, told, List.of(options));
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
