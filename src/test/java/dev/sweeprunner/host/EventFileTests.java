package dev.sweeprunner.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventFileTests {
  @TempDir Path folder;

  @Test
  void events_are_numbered_lines_appended_to_what_is_there() throws IOException {
    var file = folder.resolve("events.jsonl");
    for (int life = 0; life < 2; life++) {
      try (var trace = new EventFile(new LocalFiles(), file, null)) {
        trace.event("start", "9f3c21aa", 1, 0);
        trace.event("iteration", "9f3c21aa", 1, 7);
        trace.reach("anything");
      }
    }

    long pid = ProcessHandle.current().pid();
    assertThat(Files.readAllLines(file))
        .hasSize(4)
        .element(1)
        .isEqualTo(
            "{\"n\":2,\"pid\":%d,\"event\":\"iteration\",\"run\":\"9f3c21aa\",\"epoch\":1,\"iter\":7}"
                .formatted(pid));
  }

  @Test
  void halt_ends_the_process_at_the_given_time_it_gets_there() throws Exception {
    var file = folder.resolve("events.jsonl");
    try (var child = ChildJvm.start(SleepingProcess.class, "trace", file.toString(), "b#2", "")) {
      assertThat(child.line()).isEqualTo("past a");
      assertThat(child.line()).isEqualTo("past b");

      assertThat(child.exitCode()).isEqualTo(137);
      assertThatThrownBy(child::line).isInstanceOf(IOException.class);
    }
    assertThat(Files.readString(file)).contains("\"event\":\"crash-point\"").contains("\"b\"");
  }

  @Test
  void hang_holds_the_process_at_the_point_for_somebody_to_kill() throws Exception {
    var file = folder.resolve("events.jsonl");
    try (var child = ChildJvm.start(SleepingProcess.class, "trace", file.toString(), "a", "hang")) {
      while (!Files.exists(file) || !Files.readString(file).contains("crash-point")) {
        Thread.sleep(20);
      }

      child.signal("KILL");

      assertThat(child.exitCode()).isEqualTo(137);
      assertThatThrownBy(child::line).isInstanceOf(IOException.class);
    }
  }

  @Test
  void term_sends_a_sigterm() throws Exception {
    var file = folder.resolve("events.jsonl");
    try (var child = ChildJvm.start(SleepingProcess.class, "trace", file.toString(), "b", "term")) {
      assertThat(child.exitCode()).isEqualTo(143);
    }
  }

  @Test
  void a_plan_is_read_from_the_settings() {
    assertThat(CrashPlan.of(" ", "halt")).isEmpty();
    assertThat(CrashPlan.of("publish.renamed", ""))
        .contains(new CrashPlan("publish.renamed", 1, CrashPlan.How.HALT));
    assertThat(CrashPlan.of("publish.renamed#3", "hang"))
        .contains(new CrashPlan("publish.renamed", 3, CrashPlan.How.HANG));
    assertThatThrownBy(() -> CrashPlan.of("a", "burn"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("burn");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a#0", "a#-1", "a#", "a#b"})
  void a_time_that_never_comes_is_refused(String at) {
    assertThatThrownBy(() -> CrashPlan.of(at, "halt"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(at);
  }
}
