package dev.sweeprunner.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskLogsTests {
  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();

  private void put(String name, Duration age) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "said");
    Files.setLastModifiedTime(file, FileTime.from(clock.now().minus(age)));
  }

  @Test
  void a_week_later_the_file_of_a_task_that_nobody_asks_about_is_gone() throws IOException {
    put("sr-12345678-gpu-100_0.out", Duration.ofDays(8));
    put("sr-12345678-gpu-x-100_1.out", Duration.ofDays(8));
    put("sr-12345678-a-9_2.out", Duration.ofDays(9));
    put("sr-12345678-gpu-200_2.out", Duration.ofDays(6));
    put("sr-12345678-gpu-100_3.out", Duration.ofDays(8));
    put("notes.out", Duration.ofDays(80));
    TaskLogs logs = new TaskLogs(new LocalFiles(), folder, clock);
    logs.note(Map.of("100_0", true, "100_1", false, "100_3", true));
    logs.note(Map.of("100_3", true));

    logs.prune();

    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder(
            "sr-12345678-gpu-x-100_1.out",
            "sr-12345678-gpu-200_2.out",
            "sr-12345678-gpu-100_3.out",
            "notes.out");
  }

  @Test
  void who_never_held_a_run_is_remembered_until_it_does_or_newer_ones_are() {
    TaskLogs logs = new TaskLogs(new LocalFiles(), folder, clock);
    logs.note(Map.of("1_0", false));
    logs.note(Map.of("1_1", false));
    assertThat(logs.unclaimed()).containsExactly("1_0", "1_1");

    TaskLogs next = new TaskLogs(new LocalFiles(), folder, clock);
    next.remember(logs.unclaimed());
    next.note(Map.of("1_1", true));
    assertThat(next.unclaimed()).containsExactly("1_0");
    for (int i = 0; i < 1000; i++) {
      next.note(Map.of("2_" + i, false));
    }
    assertThat(next.unclaimed()).hasSize(200).contains("2_999").doesNotContain("1_0", "2_799");
  }

  @Test
  void a_folder_that_is_not_there_is_no_trouble() {
    new TaskLogs(new LocalFiles(), folder.resolve("none"), clock).prune();

    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void a_per_cent_sign_in_the_path_is_no_pattern_of_slurms() {
    assertThat(new TaskLogs(new LocalFiles(), Path.of("/data/50%x/logs"), clock).pattern())
        .isEqualTo("/data/50%%x/logs/%x-%A_%a.out");
  }
}
