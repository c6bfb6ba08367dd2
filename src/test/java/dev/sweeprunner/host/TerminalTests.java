package dev.sweeprunner.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerminalTests {
  @TempDir Path folder;

  @Test
  void a_descriptor_is_a_terminal_where_it_points_to_one() throws IOException {
    assertThat(isTerminal("/dev/pts/3")).isTrue();
    assertThat(isTerminal("/dev/tty1")).isTrue();
    assertThat(isTerminal("pipe:[4711]")).isFalse();
    assertThat(isTerminal("/home/ada/out.log")).isFalse();
    assertThat(Terminal.isTerminal(folder.resolve("missing"))).isFalse();
  }

  @Test
  void a_dumb_or_missing_terminal_is_not_interactive() {
    assertThat(terminal(Map.of("TERM", "dumb")).interactive()).isFalse();
    assertThat(terminal(Map.of()).interactive()).isFalse();
  }

  @Test
  void the_width_is_that_of_the_environment_or_usual() {
    assertThat(terminal(Map.of("COLUMNS", "132")).width()).isEqualTo(132);
    assertThat(terminal(Map.of("COLUMNS", "3")).width()).isEqualTo(100);
    assertThat(terminal(Map.of("COLUMNS", "wide")).width()).isEqualTo(100);
    assertThat(terminal(Map.of()).width()).isEqualTo(100);
  }

  private static Terminal terminal(Map<String, String> variables) {
    return Terminal.of(new Environment(variables, Map.of()));
  }

  private boolean isTerminal(String target) throws IOException {
    var link = folder.resolve("fd");
    Files.deleteIfExists(link);
    return Terminal.isTerminal(Files.createSymbolicLink(link, Path.of(target)));
  }
}
