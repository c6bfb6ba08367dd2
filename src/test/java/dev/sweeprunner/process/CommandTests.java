package dev.sweeprunner.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.process.Command.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTests {
  @TempDir Path folder;

  @Test
  void output_and_exit_code_come_back() {
    var outcome = shell("echo out; echo err >&2; exit 3", Duration.ofSeconds(20));

    assertThat(outcome).isEqualTo(new Outcome.Ended(3, "out\n", 0, "err\n"));
  }

  @Test
  void what_is_too_much_is_drained_and_counted() {
    var outcome = shell("head -c 300000 /dev/zero | tr '\\0' x", Duration.ofSeconds(20));

    assertThat(outcome).isInstanceOf(Outcome.Ended.class);
    var ended = (Outcome.Ended) outcome;
    assertThat(ended.out()).hasSize(1000);
    assertThat(ended.dropped()).isEqualTo(299_000);
  }

  @Test
  void it_has_no_input_to_wait_for() {
    assertThat(shell("cat", Duration.ofSeconds(20))).isEqualTo(new Outcome.Ended(0, "", 0, ""));
  }

  @Test
  void at_its_limit_it_dies_with_its_children() throws Exception {
    long start = System.nanoTime();

    var outcome = shell("sleep 300 & echo $! > child; wait", Duration.ofMillis(700));

    assertThat(outcome).isInstanceOf(Outcome.TimedOut.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    long child = Long.parseLong(Files.readString(folder.resolve("child")).strip());
    for (int i = 0; i < 500 && isRunning(child); i++) {
      Thread.sleep(10);
    }
    assertThat(isRunning(child)).isFalse();
  }

  @Test
  void a_program_that_is_not_there_was_not_started() {
    var outcome =
        Command.run(List.of("no-such-program"), folder, variables -> {}, Duration.ofSeconds(1), 10);

    assertThat(outcome).isInstanceOf(Outcome.NotStarted.class);
    assertThat(((Outcome.NotStarted) outcome).why()).contains("no-such-program");
  }

  private static boolean isRunning(long pid) throws IOException {
    try {
      String status = Files.readString(Path.of("/proc/" + pid + "/status"));
      return !status.contains("State:\tZ") && !status.contains("State:\tX");
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  private Outcome shell(String script, Duration limit) {
    return Command.run(List.of("sh", "-c", script), folder, variables -> {}, limit, 1000);
  }
}
