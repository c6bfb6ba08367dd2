package dev.sweeprunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.Captured;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class PlainStreamTests {
  private final Captured printed = new Captured();

  @Test
  void however_it_is_printed_nothing_comes_through_that_a_terminal_obeys() {
    PrintStream out = new PlainStream(printed.out());

    out.println("a\u001b[31mb");
    out.printf("%d %s%n", 1, "\u202Ec");
    out.print((Object) "\u0007");
    out.append("\r").println();
    out.println("two\nlines: ü");

    assertThat(printed.lines())
        .containsExactly("a\\u001b[31mb", "1 \\u202ec", "\\u0007\\u000d", "two", "lines: ü");
  }

  @Test
  void a_bar_and_what_it_tells_keep_their_own_codes_only() {
    Bar bar = new Bar(new Screen(printed.out(), true, true, 80));

    bar.draw("seed=\u001b[2J", "1/2", 0.5);
    bar.above("failed: \u001b[2J");

    assertThat(printed.text().replace("\r\u001B[K", ""))
        .contains("seed=\\u001b[2J", "failed: \\u001b[2J")
        .doesNotContain("\u001b");
  }
}
