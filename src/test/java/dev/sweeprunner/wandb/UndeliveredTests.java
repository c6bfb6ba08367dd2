package dev.sweeprunner.wandb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Delivery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The last line about W&amp;B of a worker that leaves. */
class UndeliveredTests {
  private static final Duration AWAY = Duration.ofMinutes(3);

  @Test
  void it_counts_the_rows_and_names_the_command() {
    Undelivered undelivered = new Undelivered(Path.of("/scratch/my sweep's"), true);

    assertThat(
            undelivered.of(List.of("a", "b"), new Delivery("online", null, 340, AWAY, "refused")))
        .isEqualTo(
            "340 rows of 2 runs are not at W&B yet (a, b): refused. Nothing is lost; when W&B can"
                + " be reached, send it with: ./sweep-runner sync --storage '/scratch/my"
                + " sweep'\\''s'");
  }

  @Test
  void a_storage_root_that_nobody_named_is_not_named_and_many_runs_are_not_listed() {
    Undelivered undelivered = new Undelivered(Path.of("/here"), false);

    assertThat(
            undelivered.of(
                List.of("a", "b", "c", "d", "e", "f"), new Delivery("online", null, 1, null, null)))
        .isEqualTo(
            "1 row of 6 runs is not at W&B yet (a, b, c, d, e, ...). Nothing is lost; when W&B can"
                + " be reached, send it with: ./sweep-runner sync");
    assertThat(undelivered.of(List.of("a"), Delivery.quiet("online")))
        .startsWith("The end of 1 run is");
  }
}
