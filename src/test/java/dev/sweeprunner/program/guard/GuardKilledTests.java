package dev.sweeprunner.program.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sweeprunner.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of crashes: whoever is killed or frozen, nobody of the program is left. */
class GuardKilledTests {
  /** Children in sessions of their own, one of them without the mark. */
  private static final String FAMILY =
      "trap '' TERM HUP INT\n"
          + "setsid bash -c 'echo $$ > rank; while :; do sleep 0.5; done' &\n"
          + "env -i PATH=\"$PATH\" setsid bash -c 'echo $$ > bare; while :; do sleep 0.5; done' &\n"
          + "(setsid bash -c 'echo $$ > daemon; exec sleep 300' &)\n"
          + "echo $PPID > guard; echo $$ > main; while :; do sleep 0.5; done";

  private static final List<String> EVERYBODY = List.of("rank", "bare", "daemon", "main");

  @TempDir Path folder;
  private Stage stage;

  @BeforeEach
  void setUp() {
    stage = new Stage(folder);
  }

  @AfterEach
  void tearDown() {
    stage.close();
    new Kin().end(stage.token::equals);
  }

  @Test
  void a_killed_worker_takes_everybody_along_within_two_seconds() throws Exception {
    try (var worker = worker(Stage.LONG)) {
      var everybody = everybody();

      worker.kill();

      assertGone(everybody, Duration.ofSeconds(2));
    }
  }

  @Test
  void a_worker_that_ends_in_order_takes_everybody_along() throws Exception {
    try (var worker = worker(Stage.LONG)) {
      var everybody = everybody();

      worker.signal("TERM");

      assertGone(everybody, Duration.ofSeconds(5));
    }
  }

  @Test
  void a_frozen_worker_loses_its_program_when_the_lease_is_over_and_sees_it_later()
      throws Exception {
    try (var worker = worker(Duration.ofSeconds(2))) {
      var everybody = everybody();
      long frozen = System.nanoTime();

      worker.signal("STOP");
      assertGone(everybody, Duration.ofSeconds(6));
      long lasted = System.nanoTime() - frozen;
      worker.signal("CONT");

      assertThat(worker.line()).isEqualTo("Expired[]");
      assertThat(Duration.ofNanos(lasted)).isGreaterThan(Duration.ofSeconds(1));
    }
  }

  @Test
  void a_renewed_lease_goes_on() throws Exception {
    try (var worker = worker(Duration.ofSeconds(1))) {
      var everybody = everybody();

      worker.go();
      assertThat(worker.line()).isEqualTo("renewed 40 times");

      assertThat(everybody).allMatch(Stage::lives);
    }
  }

  @Test
  void when_the_guard_is_killed_the_worker_ends_everybody() throws Exception {
    var program = stage.bash(FAMILY);
    var everybody = everybodySeen();

    Stage.kill("KILL", stage.pid("guard"));
    var end = stage.end(program);

    assertThat(end).isEqualTo(new End.GuardLost());
    assertThat(program.isGone()).isTrue();
    assertGone(everybody, Duration.ofSeconds(2));
  }

  @Test
  void when_the_other_half_of_the_guard_is_killed_the_first_ends_everybody() throws Exception {
    var program = stage.bash(FAMILY);
    var everybody = everybody();

    Stage.kill("KILL", listener());
    program.awaitEvent(Duration.ofMillis(300));
    program.renew();
    program.renew();
    var end = stage.end(program);

    assertThat(end).isEqualTo(new End.GuardLost());
    assertGone(everybody, Duration.ofSeconds(2));
  }

  @Test
  void half_a_guard_is_enough_when_the_worker_is_killed_too() throws Exception {
    try (var worker = worker(Stage.LONG)) {
      var everybody = everybodySeen();

      Stage.kill("KILL", stage.pid("guard"), worker.pid());

      assertGone(everybody, Duration.ofSeconds(3));
    }
    assumeTrue(Stage.bashIsNew(), "NO bash 5: its half does not notice");
    for (String each : EVERYBODY) {
      Files.delete(folder.resolve(each));
    }
    try (var worker = worker(Stage.LONG)) {
      var everybody = everybody();

      Stage.kill("KILL", listener(), worker.pid());

      assertGone(everybody, Duration.ofSeconds(3));
    }
  }

  @Test
  void when_worker_and_whole_guard_are_killed_the_main_process_dies_and_an_heir_finds_the_rest()
      throws Exception {
    try (var worker = worker(Stage.LONG)) {
      everybody();

      Stage.kill("KILL", worker.pid(), stage.pid("guard"), listener());
      if (hasParentDeathSignal()) {
        stage.awaitDeath(stage.pid("main"));
      }
      boolean none = new Kin().end(stage.token::equals);

      assertThat(none).isTrue();
      assertGone(List.of(stage.pid("rank"), stage.pid("daemon")), Duration.ofSeconds(2));
      // Without the mark and without a parent nobody can know whose it is.
      Stage.kill("KILL", stage.pid("bare"));
    }
  }

  @Test
  void a_killed_leftover_guard_leaves_no_leftovers() throws Exception {
    var program =
        stage.bash("(setsid bash -c 'echo $$ > daemon; exec sleep 300' &); echo $PPID > guard");
    long guard = stage.pid("guard");
    long daemon = stage.pid("daemon");

    assertThat(stage.end(program)).isEqualTo(new End.Exited(0));
    Stage.kill("KILL", guard);

    assertGone(List.of(daemon), Duration.ofSeconds(2));
  }

  @Test
  void signals_to_the_guard_do_not_matter() throws Exception {
    var program = stage.bash(FAMILY);
    var everybody = everybody();

    for (String signal : List.of("TERM", "INT", "HUP", "USR1", "QUIT", "PIPE")) {
      Stage.kill(signal, stage.pid("guard"), listener());
    }
    program.awaitEvent(Duration.ofMillis(300));

    assertThat(everybody).allMatch(Stage::lives);
    assertThat(program.kill()).isTrue();
    assertThat(program.end()).contains(new End.Signalled(9));
  }

  /** As Slurm with proctrack/linuxproc does it: a wait that is interrupted in that moment. */
  @Test
  void a_signal_to_program_and_guard_at_once_is_the_end_of_the_program_alone() throws Exception {
    for (int time = 0; time < 20; time++) {
      var program = stage.bash("echo $PPID > guard; echo $$ > main; exec sleep 300");
      long main = stage.pid("main");

      Stage.kill("USR1", main, stage.pid("guard"));

      assertThat(stage.end(program)).isEqualTo(new End.Signalled(10));
      Files.delete(folder.resolve("guard"));
      Files.delete(folder.resolve("main"));
    }
  }

  private ChildJvm worker(Duration lease) throws IOException {
    Files.deleteIfExists(folder.resolve("guard"));
    return ChildJvm.start(
        Worker.class, folder.toString(), stage.token, Long.toString(lease.toMillis()), FAMILY);
  }

  private List<Long> everybody() {
    return EVERYBODY.stream().map(stage::pid).toList();
  }

  /** The same, once the guard has looked at them: it has then reaped a child that looked for it. */
  private List<Long> everybodySeen() throws IOException {
    var everybody = everybody();
    Path listener = Path.of("/proc", Long.toString(listener()), "stat");
    Stage.await(
        () -> !Stage.text(listener).replaceFirst(".*\\) ", "").split(" ")[8].equals("0"),
        "the guard's first look");
    return everybody;
  }

  /** The guard's child that is not the program. */
  private long listener() throws IOException {
    long guard = stage.pid("guard");
    long main = stage.pid("main");
    var found = new ArrayList<Long>();
    ProcessHandle.of(guard).orElseThrow().children().map(ProcessHandle::pid).forEach(found::add);
    found.remove(main);
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static void assertGone(List<Long> pids, Duration within) {
    long start = System.nanoTime();
    Stage.await(() -> pids.stream().noneMatch(Stage::lives), "the end of " + pids);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(within);
  }

  private static boolean hasParentDeathSignal() throws Exception {
    var probe = new ProcessBuilder("bash", "-c", "setpriv --pdeathsig KILL true").start();
    return probe.waitFor(20, TimeUnit.SECONDS) && probe.exitValue() == 0;
  }

  /** A worker: renews every 50 ms, and says how it ended. */
  static final class Worker {
    private static final int MANY = 40;

    private Worker() {}

    /** Folder, token, lease in ms, text for bash. */
    public static void main(String[] args) throws Exception {
      var order =
          new Order(
              List.of("bash", "-c", args[3]),
              System.getenv(),
              Path.of(args[0]),
              args[1],
              Duration.ofMillis(Long.parseLong(args[2])));
      var program = new Guard(new dev.sweeprunner.host.SystemClock()).start(order);
      for (int renewed = 0; program.end().isEmpty(); ) {
        program.awaitEvent(Duration.ofMillis(50));
        program.renew();
        renewed += System.in.available() > 0 ? 1 : 0;
        if (renewed == MANY) {
          System.out.println("renewed " + renewed + " times");
        }
      }
      System.out.println(program.end().get());
    }
  }
}
