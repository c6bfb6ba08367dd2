package dev.sweeprunner.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.sweep.SweepFile.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SidecarTests {
  @TempDir Path folder;

  private Map<String, Reference> read(String text) throws IOException {
    Files.writeString(folder.resolve("a.runner.yaml"), text);
    return Sidecar.read(folder.resolve("a.yaml"));
  }

  @ParameterizedTest
  @CsvSource({
    "sweeps/a.yaml, sweeps/a.runner.yaml",
    "a.yml, a.runner.yaml",
    "b.c.yaml, b.c.runner.yaml",
    "sweep, sweep.runner.yaml"
  })
  void stands_beside_the_sweep_file(String sweep, String sidecar) {
    assertThat(Sidecar.path(Path.of(sweep))).isEqualTo(Path.of(sidecar));
  }

  @Test
  void is_empty_where_there_is_none() {
    assertThat(Sidecar.read(folder.resolve("a.yaml"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "{}\n"})
  void may_say_nothing(String text) throws IOException {
    assertThat(read(text)).isEmpty();
  }

  @Test
  void names_its_scalars_by_dots_as_they_are_written() throws IOException {
    assertThat(
            read(
                """
                grace: 30s
                checkpoint:
                  pattern: "ckpt-*.pt"
                  iteration: {json.field: 1e-4}
                metric.regex:
                  - 'loss=(\\d+)'
                  - 010
                nothing:
                yes-no: on
                """))
        .containsExactly(
            Map.entry("grace", new Reference("30s", 1)),
            Map.entry("checkpoint.pattern", new Reference("ckpt-*.pt", 3)),
            Map.entry("checkpoint.iteration.json.field", new Reference("1e-4", 4)),
            Map.entry("metric.regex", new Reference("loss=(\\d+)\n010", 5)),
            Map.entry("nothing", new Reference("", 8)),
            Map.entry("yes-no", new Reference("on", 9)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[a] | 1: the file is not a map of keys",
        "a | 1: the file is not a map of keys",
        "a: [[b]] | 1: the property a has a list or map within a list",
        "a: [{b: c}] | 1: the property a has a list or map within a list",
        "{a.b: 1, a: {b: 2}} | 1: the property a.b stands here and in line 1",
        "{1: 2} | 1: the key 1 is not a string",
        "a: &a {b: *a} | 1: maps nest too deeply",
        "{a | 1: not YAML"
      })
  void refuses_what_is_no_map_of_words(String text, String words) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(folder.resolve("a.runner.yaml") + ":")
        .hasMessageContaining(words);
  }
}
