package dev.sweeprunner.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.testkit.FakeProgram;
import dev.sweeprunner.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeStateTests {
  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final List<String> asked = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({
    "MIXED, true",
    "ALLOCATED, true",
    "MIXED+MAINTENANCE, true",
    "MIXED+PLANNED, true",
    "DOWN*, true",
    "MIXED+DRAIN, false",
    "ALLOCATED+DRAIN, false",
    "DOWN*+DRAIN, false"
  })
  void a_node_that_is_draining_takes_no_further_run(String state, boolean takes)
      throws IOException {
    shown(state);

    NodeState node = node("n1", Runnable::run);
    assertThat(node.takesMore()).isEqualTo(takes);
    assertThat(node.takesMore()).isEqualTo(takes);

    assertThat(asked)
        .isEqualTo(
            takes ? List.of() : List.of("node n1 is draining: this task takes no further run"));
    assertThat(calls()).containsExactly("-o show node n1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exit 1",
        "exit 0",
        "echo NodeName=n1 Reason=DRAIN",
        "echo State=DRAIN; exit 1",
        "exec sleep 60"
      })
  void without_an_answer_nobody_leaves(String scontrol) throws IOException {
    FakeProgram.put(folder, "scontrol", scontrol);

    assertThat(node("n1", Runnable::run).takesMore()).isTrue();
    assertThat(asked).isEmpty();
  }

  @Test
  void outside_slurm_nobody_is_asked() throws IOException {
    shown("MIXED+DRAIN");

    assertThat(node(null, Runnable::run).takesMore()).isTrue();
    assertThat(calls()).isEmpty();
  }

  @Test
  void all_workers_of_a_host_ask_once_while_the_answer_is_fresh() throws IOException {
    shown("MIXED");
    NodeState one = node("n1", Runnable::run);
    for (int i = 0; i < 3; i++) {
      one.takesMore();
      node("n1", Runnable::run).takesMore();
    }
    assertThat(calls()).hasSize(1);

    shown("MIXED+DRAIN");
    clock.advance(Duration.ofSeconds(120));
    assertThat(one.takesMore()).isFalse();
    assertThat(node("n2", Runnable::run).takesMore()).as("another node's answer").isFalse();
    assertThat(calls()).hasSize(3);

    shown("MIXED");
    clock.advance(Duration.ofSeconds(120));
    assertThat(one.takesMore()).as("resumed").isTrue();
  }

  @Test
  void whoever_asks_does_not_wait() throws IOException {
    shown("MIXED+DRAIN");
    var waiting = new ArrayDeque<Runnable>();
    NodeState node = node("n1", waiting::add);

    assertThat(node.takesMore()).isTrue();
    assertThat(node.takesMore()).isTrue();
    assertThat(waiting).as("asked once at a time").hasSize(1);
    waiting.remove().run();

    assertThat(node.takesMore()).isFalse();
  }

  private NodeState node(@Nullable String name, Executor executor) {
    return new NodeState(
        new SlurmCommands(folder.toString()),
        new LocalFiles(),
        folder.resolve("shared"),
        clock,
        executor,
        new Slurm.Options("", "ann", "", Duration.ofSeconds(1), Duration.ofSeconds(30)),
        () -> new SlurmTask("12", "11", "1", 0, name),
        asked::add);
  }

  private void shown(String state) throws IOException {
    FakeProgram.put(
        folder,
        "scontrol",
        "echo \"$@\" >> '%s/calls'; echo 'NodeName=n1 Arch=x86_64 Boards=1 State=%s Weight=1'"
            .formatted(folder, state));
  }

  private List<String> calls() throws IOException {
    Path calls = folder.resolve("calls");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }
}
