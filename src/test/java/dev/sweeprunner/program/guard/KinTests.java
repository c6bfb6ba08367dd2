package dev.sweeprunner.program.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KinTests {
  @TempDir Path folder;
  private final List<Process> started = new ArrayList<>();
  private final Kin kin = new Kin();
  private final String run = "root-" + ProcessHandle.current().pid() + "/run";

  @AfterEach
  void tearDown() {
    started.forEach(Process::destroyForcibly);
  }

  private Process claimed(String token, String text) throws IOException {
    var builder = new ProcessBuilder("bash", "-c", text).directory(folder.toFile());
    builder.environment().put(Kin.MARK, token);
    var process = builder.start();
    started.add(process);
    return process;
  }

  @Test
  void an_heir_finds_older_claims_of_its_run_and_no_others() throws IOException {
    var older = claimed(run + "/3", "exec sleep 300");
    claimed(run + "/5", "exec sleep 300");
    claimed(run + "2/3", "exec sleep 300");
    Stage.await(() -> kin.find(token -> token.startsWith(run)).size() == 3, "three processes");

    var found = kin.find(token -> token.startsWith(run + "/") && !token.equals(run + "/5"));

    assertThat(found).hasSize(1);
    assertThat(found.get(0).pid()).isEqualTo(older.pid());
    assertThat(found.get(0).token()).isEqualTo(run + "/3");
  }

  @Test
  void who_lost_the_mark_is_found_by_descent_and_an_interrupt_does_not_blind() throws Exception {
    claimed(run + "/1", "env -i bash -c 'sleep 300 & echo $! > bare; wait' & wait");
    long bare = new Stage(folder).pid("bare");

    Thread.currentThread().interrupt();
    boolean none = kin.end((run + "/1")::equals);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(none).isTrue();
    assertThat(Stage.lives(bare)).isFalse();
  }

  @Test
  void a_process_whose_name_looks_like_numbers_is_read_right() throws IOException {
    java.nio.file.Files.copy(Path.of("/bin/sleep"), folder.resolve(") S 1 1 1"));
    var odd = claimed(run + "/1", "exec './) S 1 1 1' 300");
    Stage.await(
        () -> kin.find((run + "/1")::equals).stream().anyMatch(r -> r.name().equals(") S 1 1 1")),
        "the name");

    assertThat(kin.find((run + "/1")::equals))
        .extracting(Kin.Relative::pid)
        .containsExactly(odd.pid());
    assertThat(kin.end((run + "/1")::equals)).isTrue();
    assertThat(kin.find((run + "/1")::equals)).isEmpty();
  }

  @Test
  void who_looks_is_never_among_them() {
    assertThat(kin.find(token -> true))
        .extracting(Kin.Relative::pid)
        .doesNotContain(ProcessHandle.current().pid());
  }
}
