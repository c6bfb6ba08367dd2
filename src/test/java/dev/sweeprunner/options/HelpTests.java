package dev.sweeprunner.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.cli.Help;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.testkit.Captured;
import org.junit.jupiter.api.Test;

class HelpTests {
  private final Captured printed = new Captured();

  @Test
  void every_command_and_option_stands_on_one_screen() {
    ExitCode code = new Help(printed.out()).help();

    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(printed.lines())
        .hasSizeLessThanOrEqualTo(48)
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(88));
    for (Option option : Option.values()) {
      assertThat(printed.text()).contains(option.word());
    }
    for (Invocation.Command command : Invocation.Command.values()) {
      assertThat(printed.text()).contains(command.word());
    }
  }

  @Test
  void the_version_is_one_line() {
    new Help(printed.out()).version("1.2.3", "17.0.15");

    assertThat(printed.text()).isEqualTo("sweep-runner 1.2.3 (Java 17.0.15)\n");
  }
}
