package dev.sweeprunner.relay.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run beside a claim's own keeps what it is told. */
class SideBookTests {
  @TempDir Path folder;

  private SideBook open() throws IOException {
    return SideBook.open(new LocalFiles(), folder.resolve("side"), new SettableClock());
  }

  @Test
  void a_new_one_is_not_there_yet() throws IOException {
    assertThat(open().known()).isEqualTo(new Book.Known(false, 0, 0, 0, -1, "{}", "{}"));
  }

  @Test
  void its_lines_stay_as_they_were_and_the_next_client_goes_on_behind_them() throws IOException {
    SideBook book = open();
    book.described(Map.of("config", "{\"lr\":{\"value\":1}}"));
    book.history(0, List.of("{\"_step\":0,\"x\":NaN}", "no row"));
    book.history(1, List.of("no row", "{\"x\":1e-05,\"_step\":4}"));
    book.summary("{\"x\":1e-05}");
    book.complete(0);
    book.close();

    assertThat(Files.readAllLines(folder.resolve("side/history.jsonl")))
        .containsExactly("{\"_step\":0,\"x\":NaN}", "no row", "{\"x\":1e-05,\"_step\":4}");
    assertThat(open().known())
        .isEqualTo(new Book.Known(true, 3, 0, 0, 4, "{\"lr\":{\"value\":1}}", "{\"x\":1e-05}"));
  }
}
