package dev.sweeprunner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code status} may not need: the worker's working directory, its database, Spring. */
class StatusIT {
  @TempDir Path folder;
  @TempDir Path elsewhere;

  @Test
  void the_table_of_a_training_worker_is_read_from_anywhere_without_its_database()
      throws IOException {
    Toy toy = Toy.of(folder, 100_000, "training.seed: 1");
    Events events = new Events(folder.resolve("events"));
    Path classes = elsewhere.resolve("classes");
    JarProcess.Ended asked;

    try (JarProcess worker =
        JarProcess.start(
            folder, toy.worker("root", "busy", "--test.events", events.file().toString()))) {
      events.await(worker, event -> event.is("publish"));
      asked =
          JarProcess.run(
              elsewhere,
              classes,
              List.of(
                  "status",
                  "--sweep",
                  folder.resolve("toy.yaml").toString(),
                  "--storage",
                  folder.resolve("root").toString(),
                  "--format",
                  "csv"));
    }

    assertThat(asked.code()).as(asked.err()).isZero();
    assertThat(asked.out()).contains("training").contains("busy");
    assertThat(Files.readString(classes))
        .contains("dev.sweeprunner.cli.")
        .doesNotContain(" org.h2.")
        .doesNotContain(" org.springframework.batch.");
  }
}
