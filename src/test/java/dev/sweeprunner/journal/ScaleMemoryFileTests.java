package dev.sweeprunner.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.problem.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScaleMemoryFileTests {
  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();

  private Path file() {
    return folder.resolve("out/.scale/memory.json");
  }

  private ScaleMemoryFile memory() {
    return new ScaleMemoryFile(new LocalFiles(), file(), warnings::add);
  }

  @Test
  void what_is_kept_is_found_again() throws Exception {
    assertThat(memory().read()).isEmpty();

    memory().write(Map.of("profiles", Map.of("gpu", 3)));

    assertThat(memory().read().orElseThrow().object("profiles").number("gpu")).isEqualTo(3);
    assertThat(folder.resolve("out/.scale").toFile().list()).containsExactly("memory.json");
    assertThat(warnings).isEmpty();
  }

  @Test
  void a_damaged_one_is_told_and_begun_anew() throws IOException {
    memory().write(Map.of());
    for (String damaged : List.of("", "{\"v\":1,", "[]", "{}")) {
      Files.writeString(file(), damaged);

      assertThat(memory().read()).isEmpty();
    }

    assertThat(warnings).hasSize(4).allMatch(line -> line.startsWith(file() + " is damaged ("));
  }

  @Test
  void one_of_a_newer_version_is_left_alone() throws IOException {
    memory().write(Map.of());
    Files.writeString(file(), "{\"v\": 2}");

    assertThatThrownBy(() -> memory().read())
        .isInstanceOf(UserError.class)
        .hasMessageContaining("a newer version of this program wrote it. Use that one");
  }

  @Test
  void one_that_cannot_be_written_is_an_error() throws IOException {
    Files.createDirectories(folder.resolve("out"));
    Files.writeString(folder.resolve("out/.scale"), "in the way");

    assertThatThrownBy(() -> memory().write(Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("what was submitted cannot be remembered");
    assertThatThrownBy(() -> memory().read())
        .isInstanceOf(UserError.class)
        .hasMessageContaining("cannot be read");
  }
}
