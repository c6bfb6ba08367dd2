package dev.sweeprunner.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.testkit.FlakyFiles;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker writes before its first claim: one error of the disk, anywhere, ends nothing. */
class FirstWritesTests {
  @TempDir Path root;

  private final FlakyFiles disk = new FlakyFiles();
  private final List<Duration> waited = new ArrayList<>();
  private final Pause pause = waited::add;

  @Test
  void a_name_is_taken_whichever_call_fails_once() throws IOException {
    int failing = 1;
    do {
      Layout layout = new Layout(Files.createDirectory(root.resolve("at" + failing)));
      FileSystem files = disk.failingAt(failing);
      WorkerNames names =
          new WorkerNames(files, layout, self(), null, owner -> Processes.Verdict.UNKNOWN);

      assertThat(pause.retrying(names::ofHost)).isEqualTo("node1-1");
      assertThat(Files.list(layout.workers())).hasSize(1);
    } while (disk.calls() >= failing++);
    assertThat(failing).isGreaterThan(5);
  }

  @Test
  void the_storage_is_tried_again() {
    for (int failing = 1; failing <= 3; failing++) {
      Path folder = root.resolve("at" + failing);
      StorageRoot storage = new StorageRoot(disk.failingAt(failing), root, folder);

      assertThatCode(() -> storage.prepare(pause)).doesNotThrowAnyException();
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void a_disk_that_always_refuses_is_said_after_a_second() {
    assertThatThrownBy(
            () ->
                pause.retrying(
                    () -> {
                      throw new IOException("EIO");
                    }))
        .hasMessage("EIO");

    assertThat(waited.stream().mapToLong(Duration::toMillis).sum()).isEqualTo(750);
  }

  @Test
  void a_right_that_is_lacking_is_said_at_once() throws IOException {
    Path file = Files.createFile(root.resolve("file"));

    assertThatThrownBy(
            () ->
                pause.retrying(
                    () -> {
                      throw new AccessDeniedException("x");
                    }))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(waited).isEmpty();
    assertThatThrownBy(
            () -> new StorageRoot(disk.failingAt(0), root, file.resolve("x")).prepare(pause))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("the storage root cannot be written");
  }

  private static ThisProcess self() {
    return new ThisProcess("i", "node1", "m", "b", 7, "70", "4026", "ada");
  }
}
