package dev.sweeprunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.options.CommandLine;
import dev.sweeprunner.testkit.Captured;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScreenTests {
  private final Captured printed = new Captured();

  private Screen lines(int lines) {
    return new Screen(printed.out(), true, false, () -> 80, () -> lines);
  }

  @Test
  void a_redraw_overwrites_and_never_clears() {
    lines(24).redraw("a\nb\n");

    assertThat(printed.text()).isEqualTo("\u001B[Ha\u001B[K\nb\u001B[K\n\u001B[J");
  }

  @Test
  void what_stands_at_the_end_stays_where_lines_are_too_many() {
    lines(7).redraw("head\n1\n2\n3\n4\n5\n\ncounts\nroot\n");

    assertThat(printed.text().replaceAll("\u001B\\[[HKJ]", ""))
        .isEqualTo("head\n1\n(4 more lines than this terminal has)\n\ncounts\nroot\n");
  }

  @ParameterizedTest
  @CsvSource({
    "true, , auto, true",
    "true, 1, auto, false",
    "false, , auto, false",
    "true, 1, always, true",
    "false, 1, always, true",
    "true, , never, false",
    "true, '', auto, true",
  })
  void colours_are_for_terminals_unless_the_user_says_otherwise(
      boolean terminal, String noColour, String when, boolean colours) {
    Screen screen = Screen.of(printed.out(), terminal, () -> 80, () -> 24, noColour);
    String[] line = {"status", "--sweep", "a.yaml", "--color", when};

    Screen wanted = screen.coloured(CommandLine.parse(line, Set.of()));

    assertThat(wanted.colours()).isEqualTo(colours);
    assertThat(wanted.live()).isEqualTo(terminal);
  }
}
