package dev.sweeprunner.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.cli.Help;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.testkit.Captured;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

  @ParameterizedTest
  @EnumSource(Invocation.Command.class)
  void every_command_has_a_page_with_its_usage_its_options_and_an_example(
      Invocation.Command command) {
    new Help(printed.out()).help(command);

    assertThat(printed.lines().get(0)).contains(command.usage());
    assertThat(printed.lines().get(1)).contains(command.help());
    assertThat(printed.text()).contains("Example: ").contains(command.example());
    assertThat(printed.lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(88));
    for (Option option : Option.values()) {
      if (option.concerns(command)) {
        assertThat(printed.text()).contains(option.dashed());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Invocation.Command.class)
  void every_example_can_be_written(Invocation.Command command) {
    String[] words = command.example().split(" ");
    Invocation shell = CommandLine.parse(new String[] {"shell", "--sweep", "a.yaml"}, Set.of());
    boolean shellAlone = command.onlyInShell();

    Invocation read = CommandLine.parse(words, Set.of(), shellAlone ? shell : null);

    assertThat(read.command()).isEqualTo(command);
  }

  @Test
  void the_version_is_one_line() {
    new Help(printed.out()).version("1.2.3", "17.0.15");

    assertThat(printed.text()).isEqualTo("sweep-runner 1.2.3 (Java 17.0.15)\n");
  }
}
