package dev.sweeprunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.testkit.Captured;
import dev.sweeprunner.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PrepareCommandTests {
  private static final PrepareCommand.Made MADE =
      new PrepareCommand.Made(Path.of("data/book"), 900_000, 100_000, 2, 256);

  private final SettableClock clock = new SettableClock();
  private final Captured printed = new Captured();
  private Optional<String> stop = Optional.empty();

  private ExitCode run(boolean live, PrepareCommand.Work work) {
    Screen screen = new Screen(printed.out(), live, false, 80);
    return new PrepareCommand(clock, () -> stop, screen).run(work, 1_000_000_000);
  }

  @Test
  void rate_and_time_left_are_told_and_at_the_end_what_a_config_is_to_say() {
    ExitCode code =
        run(
            false,
            progress -> {
              clock.advance(Duration.ofSeconds(9));
              progress.accept(90_000_000);
              clock.advance(Duration.ofSeconds(1));
              progress.accept(100_000_000);
              return MADE;
            });

    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(printed.lines())
        .startsWith(
            "100 of 1000 MB, 10 MB/s, 90 s left",
            "data/book: 900,000 tokens to train on, 100,000 for validation, in 2 files; 10.0 s")
        .contains(
            "train_bin = \"data/book/train_*.bin\"",
            "val_bin = \"data/book/val_*.bin\"",
            "vocab_size = 256");
  }

  @Test
  void on_a_terminal_the_line_is_redrawn_and_wiped() {
    run(
        true,
        progress -> {
          clock.advance(Duration.ofSeconds(2));
          progress.accept(100_000_000);
          return MADE;
        });

    assertThat(printed.text())
        .startsWith("\r100 of 1000 MB, 50 MB/s, 18 s left\u001B[K\r\u001B[Kdata/book: ");
  }

  @Test
  void a_stop_ends_it_in_words() {
    ExitCode code =
        run(
            false,
            progress -> {
              stop = Optional.of("SIGTERM");
              progress.accept(1);
              return MADE;
            });

    assertThat(code).isEqualTo(ExitCode.STOPPED);
    assertThat(printed.lines()).containsExactly("Stopped on SIGTERM: nothing was made.");
  }
}
