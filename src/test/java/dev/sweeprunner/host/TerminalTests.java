package dev.sweeprunner.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalTests {
  @TempDir Path folder;
  private String said = "40 120\n";
  private int questions;

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
  void the_width_is_that_of_the_environment_else_the_terminal_s() {
    said = "24 97\n";

    assertThat(asked(Map.of("COLUMNS", "132"), true).width()).isEqualTo(132);
    assertThat(asked(Map.of("COLUMNS", "3"), true).width()).isEqualTo(97);
    assertThat(asked(Map.of("COLUMNS", "wide"), true).width()).isEqualTo(97);
    assertThat(asked(Map.of(), true).width()).isEqualTo(97);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0 0\n", "24 3\n", "stty: /dev/tty: no such device\n"})
  void a_terminal_that_does_not_say_is_as_wide_as_usual(String words) {
    said = words;

    assertThat(asked(Map.of(), true).width()).isEqualTo(80);
  }

  @Test
  void a_pipe_has_no_width_unless_one_is_given() {
    assertThat(asked(Map.of(), false).width()).isEqualTo(Terminal.ENDLESS);
    assertThat(asked(Map.of("COLUMNS", "72"), false).width()).isEqualTo(72);
    assertThat(questions).isZero();
  }

  @Test
  void a_terminal_is_asked_once_until_its_size_changes() {
    Terminal terminal = asked(Map.of(), true);
    terminal.ask();
    assertThat(terminal.width()).isEqualTo(terminal.width()).isEqualTo(120);
    assertThat(questions).isOne();

    said = "24 60\n";
    terminal.resized();

    assertThat(terminal.width()).isEqualTo(60);
  }

  @Test
  void the_height_is_the_terminal_s_and_endless_where_it_does_not_say() {
    said = "24 97\n";
    Map<String, String> given = Map.of("COLUMNS", "132");

    assertThat(asked(given, true).height()).isEqualTo(24);
    assertThat(asked(given, false).height()).isEqualTo(Terminal.ENDLESS);
    said = "0 0\n";
    assertThat(asked(given, true).height()).isEqualTo(Terminal.ENDLESS);
  }

  private Terminal asked(Map<String, String> variables, boolean terminal) {
    Supplier<String> stty =
        () -> {
          questions++;
          return said;
        };
    return new Terminal(new Environment(variables, Map.of()), terminal, stty, Runnable::run);
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
