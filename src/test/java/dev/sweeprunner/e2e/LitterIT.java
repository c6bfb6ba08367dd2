package dev.sweeprunner.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a worker leaves behind, and what it makes of a temporary folder or locale that is not there.
 */
class LitterIT {
  @TempDir Path folder;

  @Test
  void a_killed_worker_leaves_nothing_in_the_temporary_folder_and_the_next_no_trace()
      throws IOException {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Events events = new Events(folder.resolve("events"));
    Toy toy = Toy.of(folder, 100_000, "training.seed: 1");
    List<String> words = toy.worker("root", "w1", "--test.events", events.file().toString());
    words.remove("--no-web");

    for (int start = 0; start < 2; start++) {
      try (JarProcess process = JarProcess.start(folder, temporary(temporary), words)) {
        events.await(process, event -> event.is("publish"));
        process.kill();
      }
      Files.delete(events.file());
    }

    assertThat(temporary).isEmptyDirectory();
    assertThat(folder.resolve("root/out/.batch").toFile().list()).containsExactly("w1.mv.db");
    assertThat(folder.resolve("root/out/.workers").toFile().list())
        .allMatch(name -> name.startsWith("w1."));
  }

  @Test
  void without_a_temporary_folder_a_worker_trains() {
    Toy toy = Toy.of(folder, 3, "training.seed: 1");
    List<String> words = toy.worker("root", "w1", "--device", "cpu");
    words.remove("--no-web");

    var ended = JarProcess.run(folder, temporary(folder.resolve("absent")), words);

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.err()).doesNotContain("\tat ");
  }

  @Test
  void a_name_that_the_locale_does_not_know_is_refused_in_one_line() {
    assumeThat(System.getProperty("sun.jnu.encoding")).isEqualTo("UTF-8");
    Map<String, String> carriedOver = Map.of("LC_ALL", "xx_XX.UTF-8");

    var ended = JarProcess.run(folder, carriedOver, List.of("status", "--sweep", "ü.yaml"));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err().strip().lines()).hasSize(1);
    assertThat(ended.err()).contains("xx_XX.UTF-8", "Set LC_ALL=C.UTF-8");
  }

  private static Map<String, String> temporary(Path place) {
    return Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + place);
  }
}
