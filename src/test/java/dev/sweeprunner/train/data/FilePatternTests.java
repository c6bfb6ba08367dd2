package dev.sweeprunner.train.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilePatternTests {
  @TempDir Path root;

  @BeforeEach
  void lay_out_files() throws IOException {
    for (String file :
        List.of(
            "near/other/x.bin",
            "far/data/t_10.bin",
            "far/data/t_2.bin",
            "far/data/t_1.bin",
            "far/data/.t_3.bin",
            "far/data/t_9.txt",
            "far/data/t_{a}.bin",
            "far/more/t_0.bin")) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.write(root.resolve(file), new byte[1]);
    }
    Files.createDirectories(root.resolve("far/data/t_folder.bin"));
  }

  @Test
  void files_come_sorted_by_name_from_the_first_place_that_has_any() throws IOException {
    assertThat(find("data/t_*.bin"))
        .containsExactly(
            "far/data/t_1.bin", "far/data/t_10.bin", "far/data/t_2.bin", "far/data/t_{a}.bin");
  }

  @Test
  void wildcards_work_in_folders_and_as_sets() throws IOException {
    assertThat(find("*/t_?.bin"))
        .containsExactly("far/data/t_1.bin", "far/data/t_2.bin", "far/more/t_0.bin");
    assertThat(find("data/t_[!13{].bin")).containsExactly("far/data/t_2.bin");
    assertThat(find("data/t_[12]*.bin"))
        .containsExactly("far/data/t_1.bin", "far/data/t_10.bin", "far/data/t_2.bin");
  }

  @Test
  void a_plain_name_and_an_absolute_one_mean_themselves() throws IOException {
    assertThat(find("data/t_{a}.bin")).containsExactly("far/data/t_{a}.bin");
    assertThat(find(root.resolve("near/other/*.bin").toString()))
        .containsExactly("near/other/x.bin");
  }

  @Test
  void nothing_matches_where_nothing_is() throws IOException {
    assertThat(find("data/none_*.bin")).isEmpty();
    assertThat(find("nowhere/*/x.bin")).isEmpty();
  }

  private List<String> find(String pattern) throws IOException {
    Function<String, List<Path>> places =
        relative ->
            List.of(root.resolve("near").resolve(relative), root.resolve("far").resolve(relative));
    return FilePattern.find(pattern, places).stream()
        .map(path -> root.relativize(path).toString())
        .toList();
  }
}
