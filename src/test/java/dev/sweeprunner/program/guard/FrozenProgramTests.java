package dev.sweeprunner.program.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that stands still while the helpers of its W&amp;B client go on. */
class FrozenProgramTests {
  /** A child, and a helper in a session of its own as the client's is; both write on and on. */
  private static final String PROGRAM =
      """
      setsid bash -c 'while :; do echo >> helper; sleep 0.02; done' core --port f --pid $$ &
      bash -c 'while :; do echo >> child; sleep 0.02; done' --pid none &
      echo $$ > me
      while :; do echo >> main; sleep 0.02; done
      """;

  @TempDir private Path folder;
  private Stage stage;

  @BeforeEach
  void setUp() {
    stage = new Stage(folder);
  }

  @AfterEach
  void tearDown() {
    stage.close();
  }

  private long lines(String name) {
    return Stage.text(folder.resolve(name)).length();
  }

  private GuardedProgram running() throws IOException {
    GuardedProgram program = stage.bash(PROGRAM);
    Stage.await(() -> lines("main") > 2 && lines("child") > 2 && lines("helper") > 2, "all");
    return program;
  }

  private void helperGoesOn() {
    long before = lines("helper");
    Stage.await(() -> lines("helper") > before + 5, "the helper to go on");
  }

  @Test
  void all_of_it_stands_still_but_the_helpers_of_its_client() throws IOException {
    GuardedProgram program = running();

    boolean frozen = program.freeze();
    long main = lines("main");
    long child = lines("child");
    helperGoesOn();

    assertThat(frozen).isTrue();
    assertThat(lines("main")).isEqualTo(main);
    assertThat(lines("child")).isEqualTo(child);
    assertThat(program.end()).isEmpty();
  }

  @Test
  void it_goes_on_when_it_may() throws IOException {
    GuardedProgram program = running();
    program.freeze();
    long main = lines("main");
    long child = lines("child");

    program.thaw();

    Stage.await(() -> lines("main") > main && lines("child") > child, "all to go on");
  }

  @Test
  void a_signal_reaches_it_before_it_does_anything_more() throws IOException {
    GuardedProgram program = running();
    long me = stage.pid("me");
    program.freeze();
    long main = lines("main");

    program.signal("TERM");
    program.awaitEvent(Duration.ofMillis(300));
    boolean waits = Stage.lives(me);
    program.thaw();
    Stage.await(() -> !Stage.lives(me), "its death");

    assertThat(waits).isTrue();
    assertThat(lines("main")).isEqualTo(main);
    program.kill();
    assertThat(program.end()).contains(new End.Signalled(15));
  }

  @Test
  void a_kill_ends_what_stands_still_and_what_does_not() throws IOException {
    GuardedProgram program = running();
    program.freeze();

    boolean gone = program.kill();
    long helper = lines("helper");
    program.awaitEvent(Duration.ofMillis(100));

    assertThat(gone).isTrue();
    assertThat(program.end()).contains(new End.Signalled(9));
    assertThat(lines("helper")).isEqualTo(helper);
  }

  @Test
  void one_that_has_ended_cannot_be_frozen() throws IOException {
    GuardedProgram program = stage.bash("exit 3");
    stage.end(program);

    assertThat(program.freeze()).isFalse();
  }
}
