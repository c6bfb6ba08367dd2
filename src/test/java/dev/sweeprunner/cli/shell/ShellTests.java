package dev.sweeprunner.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.OutputFormat;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.testkit.Captured;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShellTests {
  private final Typed typed = new Typed("shell", "--sweep", "a.yaml");
  private final Captured printed = typed.printed;
  private final List<Invocation> carriedOut = typed.carriedOut;

  private ExitCode piped(String... lines) {
    Deque<String> queue = new ArrayDeque<>(List.of(lines));
    return typed.shell().piped(queue::poll, new NeverStops());
  }

  @Test
  void each_line_is_a_command_on_the_sweep_of_the_session() {
    ExitCode code = piped("status --format json", "", "# a note", "explain 9f3c21aa", "plan");

    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(carriedOut)
        .extracting(Invocation::command)
        .containsExactly(
            Invocation.Command.STATUS, Invocation.Command.EXPLAIN, Invocation.Command.PLAN);
    assertThat(carriedOut)
        .allSatisfy(
            invocation -> assertThat(invocation.sweeps()).containsExactly(Path.of("a.yaml")));
    assertThat(carriedOut.get(0).format()).isEqualTo(OutputFormat.JSON);
    assertThat(carriedOut.get(1).runIds()).containsExactly("9f3c21aa");
  }

  @Test
  void two_files_are_compared_whatever_the_session_is_about() {
    ExitCode code = piped("plan old.yaml new.yaml", "audit --quick");

    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(carriedOut.get(0).sweeps())
        .containsExactly(Path.of("old.yaml"), Path.of("new.yaml"));
    assertThat(carriedOut.get(1).command()).isEqualTo(Invocation.Command.AUDIT);
    assertThat(carriedOut.get(1).sweeps()).containsExactly(Path.of("a.yaml"));
  }

  @Test
  void nothing_is_carried_out_after_exit() {
    piped("status", "exit", "plan");

    assertThat(carriedOut).hasSize(1);
  }

  @Test
  void another_sweep_can_be_chosen() {
    piped("sweep b.yaml c.yaml", "status");

    assertThat(carriedOut.get(0).sweeps()).containsExactly(Path.of("b.yaml"), Path.of("c.yaml"));
    assertThat(printed.text()).contains("Sweeps: b.yaml, c.yaml");
  }

  @Test
  void a_mistake_is_told_and_the_session_goes_on() {
    ExitCode code = piped("explain xyz", "dance", "status");

    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(printed.lines().get(0)).contains("xyz: this is no run id");
    assertThat(printed.lines().get(1)).contains("dance: this command is unknown");
    assertThat(carriedOut).hasSize(1);
  }

  @Test
  void without_terminal_and_lines_there_is_nobody_to_talk_to() {
    assertThatThrownBy(this::piped)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("there is no terminal");
  }

  @Test
  void a_sweep_that_cannot_be_read_is_not_chosen() {
    ExitCode code = piped("sweep nope.yaml", "status", "sweep");

    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(printed.lines())
        .containsExactly(
            "Error: nope.yaml: there is no such sweep file. Check the path.", "Sweeps: a.yaml");
    assertThat(carriedOut.get(0).sweeps()).containsExactly(Path.of("a.yaml"));
  }

  @Test
  void a_sweep_that_is_chosen_twice_is_one() {
    piped("sweep b.yaml ./b.yaml", "status");

    assertThat(printed.text()).contains("Sweeps: b.yaml\n");
    assertThat(carriedOut.get(0).sweeps()).containsExactly(Path.of("b.yaml"));
  }

  @Test
  void a_line_that_was_refused_catches_nothing_of_the_next() {
    ExitCode code = piped("status \"", "plan", "status 'a", "explain 9f3c21aa\\", "audit");

    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(printed.lines())
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).contains("no other half"));
    assertThat(carriedOut)
        .extracting(Invocation::command)
        .containsExactly(Invocation.Command.PLAN, Invocation.Command.AUDIT);
  }

  @Test
  void lines_that_were_pasted_together_are_lines() {
    boolean understood = typed.session().obey("status\nplan\nexit\naudit");

    assertThat(understood).isTrue();
    assertThat(carriedOut)
        .extracting(Invocation::command)
        .containsExactly(Invocation.Command.STATUS, Invocation.Command.PLAN);
  }
}
