package dev.sweeprunner.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepListTests {
  @TempDir Path folder;

  private Path list(String text) throws IOException {
    return Files.writeString(folder.resolve("active.txt"), text);
  }

  @Test
  void a_line_names_a_sweep_from_the_lists_own_folder() throws IOException {
    Path list =
        list(
            """
            # the active ones

              a.yaml
            ../b.yaml # soon over
            /abs/c#1.yaml\r
            #d.yaml
            ~/e.yaml\
            """);

    assertThat(SweepList.read(list, word -> Path.of(word.replaceFirst("^~", "/home/me"))))
        .containsExactly(
            folder.resolve("a.yaml"),
            folder.resolve("../b.yaml"),
            Path.of("/abs/c#1.yaml"),
            Path.of("/home/me/e.yaml"));
  }

  @Test
  void a_list_without_a_name_or_that_is_not_there_is_an_error() throws IOException {
    Path empty = list("# nothing\n");

    assertThatThrownBy(() -> SweepList.read(empty, Path::of))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("the list names no sweep file");
    assertThatThrownBy(() -> SweepList.read(folder.resolve("none"), Path::of))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("the list of sweeps cannot be read");
  }
}
