package dev.sweeprunner.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.host.SystemClock;
import dev.sweeprunner.testkit.Delegating;
import dev.sweeprunner.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The time of a file beside those of rows. */
class DiskClockTests {
  @TempDir Path folder;

  private static double seconds(Instant time) {
    return time.getEpochSecond() + time.getNano() / 1e9;
  }

  @Test
  void a_file_is_never_taken_for_older_than_it_is() throws Exception {
    DiskClock disk =
        new DiskClock(new LocalFiles(), new SystemClock(), time -> {}, folder.resolve("clock"));
    double most = 0;
    for (int i = 0; i < 50; i++) {
      double before = disk.now();
      Path file = Files.writeString(folder.resolve("f" + i), "x");
      double latest =
          disk.latest(
              Instant.ofEpochMilli(Files.getLastModifiedTime(file).toInstant().toEpochMilli()));
      assertThat(latest).isGreaterThanOrEqualTo(before - 0.001);
      most = Math.max(most, latest - before);
      Thread.sleep(1);
    }
    assertThat(folder.resolve("clock")).doesNotExist();
  }

  @Test
  void another_clock_is_made_up_for_and_looked_at_again_later() {
    SettableClock clock = new SettableClock();
    Instant[] ahead = {clock.now().plus(Duration.ofSeconds(7))};
    FileSystem remote =
        new Delegating(new LocalFiles()) {
          @Override
          public Instant modified(Path file) {
            return ahead[0];
          }
        };
    DiskClock disk = new DiskClock(remote, clock, time -> {}, folder.resolve("clock"));

    double first = disk.latest(ahead[0]);
    ahead[0] = clock.now().minus(Duration.ofSeconds(2));
    double soon = disk.latest(ahead[0]);
    clock.advance(Duration.ofMinutes(6));
    ahead[0] = clock.now().minus(Duration.ofSeconds(2));
    double later = disk.latest(ahead[0]);

    double began = seconds(new SettableClock().now());
    assertThat(first).isEqualTo(began + 0.001);
    assertThat(soon).isEqualTo(began - 9 + 0.001);
    assertThat(later).isEqualTo(seconds(clock.now()) + 0.001);
  }

  @Test
  void where_nothing_can_be_written_there_is_one_clock() {
    FileSystem full =
        new Delegating(new LocalFiles()) {
          @Override
          public void makeFolders(Path made) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    Instant time = Instant.ofEpochSecond(100);

    assertThat(
            new DiskClock(full, new SettableClock(), pause -> {}, folder.resolve("c")).latest(time))
        .isEqualTo(100.001);
  }
}
