package dev.sweeprunner.wandb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Deliveries;
import dev.sweeprunner.wandb.telemetry.Sync;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectDeliveriesTests {
  @TempDir Path root;

  @Test
  void where_nothing_waits_no_key_is_needed() throws Exception {
    Files.createDirectories(root.resolve("out/project"));
    Deliveries desk = deliveries(List.of());

    assertThat(desk.projects()).containsExactly("project");
    assertThat(desk.waiting("project")).isEmpty();
  }

  @Test
  void what_waits_is_known_without_a_key_and_not_sent_without_one() throws Exception {
    Files.createDirectories(root.resolve("out/project"));
    Deliveries desk = deliveries(List.of("9acfdd57"));

    assertThat(desk.waiting("project")).containsExactly("9acfdd57");
    assertThatThrownBy(() -> desk.send("project", "9acfdd57")).hasMessageContaining("no key");
  }

  @Test
  void a_folder_where_nothing_was_trained_is_said() {
    assertThatThrownBy(() -> deliveries(List.of()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(root + ": nothing was trained there: it has no folder out/.")
        .hasMessageContaining("--storage");
  }

  private static Sync noKey(String project) {
    throw new UserError("W&B", "there is no key", "Set WANDB_API_KEY");
  }

  private Deliveries deliveries(List<String> waiting) {
    return ProjectDeliveries.of(
        List.of(),
        new LocalFiles(),
        new Layout(root),
        project -> waiting,
        ProjectDeliveriesTests::noKey);
  }
}
