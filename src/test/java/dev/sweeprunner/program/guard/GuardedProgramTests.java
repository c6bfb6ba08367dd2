package dev.sweeprunner.program.guard;

import static dev.sweeprunner.program.guard.Stage.lives;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sweeprunner.testkit.ChildJvm;
import dev.sweeprunner.testkit.FakeProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real programs: how they begin, what is asked of them, how they end. */
class GuardedProgramTests {
  @TempDir Path folder;
  private Stage stage;

  @BeforeEach
  void setUp() {
    stage = new Stage(folder);
  }

  @AfterEach
  void tearDown() {
    stage.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 126, 127, 137, 255})
  void an_exit_code_is_told_as_it_is(int code) throws Exception {
    assumeTrue(code <= 128 || Stage.bashIsNew(), "NO bash 5: 137 is told as signal 9");
    var program = stage.bash("exit " + code);

    assertThat(stage.end(program)).isEqualTo(new End.Exited(code));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 6, 9, 15})
  void a_signal_is_told_apart_from_an_exit_code(int signal) throws IOException {
    assumeTrue(!ChildJvm.ignored(signal), "signal " + signal + " IS IGNORED where these tests run");
    var program = stage.bash("kill -" + signal + " $$");

    assertThat(stage.end(program)).isEqualTo(new End.Signalled(signal));
  }

  @Test
  void what_is_missing_not_executable_or_broken_was_not_started() throws IOException {
    FakeProgram.put(folder, "broken", "true");
    Files.writeString(folder.resolve("broken"), "#!/no/such/interpreter\n");
    Files.writeString(folder.resolve("text"), "some text\n");

    var missing = stage.end(stage.start("no-such-program", "a"));
    var notExecutable = stage.end(stage.start("./text"));
    var broken = stage.end(stage.start("./broken"));

    assertThat(missing).isEqualTo(new End.NotStarted("no-such-program: not found"));
    assertThat(why(notExecutable)).contains("text: ").contains("ermission denied");
    assertThat(why(broken)).contains("broken: ");
  }

  private static String why(End end) {
    assertThat(end).isInstanceOf(End.NotStarted.class);
    return ((End.NotStarted) end).why();
  }

  @Test
  void without_its_folder_not_even_the_guard_starts() {
    var elsewhere = new Stage(folder.resolve("none"));

    assertThatThrownBy(() -> elsewhere.start("true")).isInstanceOf(IOException.class);
  }

  @Test
  void both_outputs_come_in_their_order_and_there_is_no_input() throws IOException {
    var program = stage.bash("echo 1; echo 2 >&2; cat; echo 3; echo 4 >&2; printf 5");

    stage.end(program);

    assertThat(stage.lines).containsExactly("1", "2", "3", "4", "5");
    assertThat(program.output().newest()).containsExactly("1", "2", "3", "4", "5");
  }

  @Test
  void words_arrive_as_they_are() throws IOException {
    var words =
        List.of(
            "", " a  b ", "*", "$HOME", "'\"\\", "--lr=-1e-3", "naïve ∑", "a\tb", "\u0001\u007f");
    var all = new ArrayList<>(List.of("printf", "<%s>\\n"));
    all.addAll(words);

    stage.end(stage.start(all.toArray(String[]::new)));

    assertThat(stage.lines)
        .containsExactlyElementsOf(words.stream().map(w -> "<" + w + ">").toList());
  }

  @Test
  void the_environment_is_the_wanted_one_and_the_mark() throws IOException {
    var wanted = new HashMap<>(System.getenv());
    wanted.keySet().removeAll(List.of("OLDPWD", "POSIXLY_CORRECT", "HOME", "_", Kin.MARK));
    wanted.put("SHLVL", "7");
    wanted.put("PWD", "/somewhere");
    wanted.put("BASH_ENV", "/no/such/file");
    wanted.put("BASH_FUNC_module%%", "() {  echo hi\n}");
    wanted.put("with.dot", "x");
    wanted.put("LETTERS", "naïve ∑");
    wanted.put("LINES_OF", "a\nb");
    wanted.put("token", "t");
    wanted.put("CDPATH", "/tmp");

    stage.end(stage.start(Stage.LONG, wanted, "env", "-0"));

    var expected = new TreeMap<>(wanted);
    expected.put(Kin.MARK, stage.token);
    var seen = new TreeMap<String, String>();
    for (String each : String.join("\n", stage.lines).split("\0")) {
      seen.put(each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1));
    }
    var odd = new TreeMap<>(seen);
    odd.entrySet().removeAll(expected.entrySet());
    assertThat(odd).isEmpty();
    expected.keySet().removeAll(seen.keySet());
    assertThat(expected).isEmpty();
  }

  @Test
  void it_begins_with_the_signals_files_and_group_of_any_program() throws Exception {
    String show = "grep -h '^Sig[BI]' /proc/self/status; ls -1 /proc/self/fd | wc -l";
    var plain = new ProcessBuilder("bash", "-c", show).directory(folder.toFile()).start();
    var expected = new String(plain.getInputStream().readAllBytes()).lines().toList();

    var program = stage.bash(show + "; cut -d' ' -f 5 /proc/$$/stat");
    stage.end(program);

    assertThat(stage.lines.subList(0, expected.size())).isEqualTo(expected);
    assertThat(stage.lines).last().isEqualTo(Long.toString(program.pid().getAsLong()));
  }

  @Test
  void the_guard_does_not_bear_the_mark() throws IOException {
    stage.bash("echo $PPID > guard; echo $$ > main; exec sleep 300");
    long guard = stage.pid("guard");
    long main = stage.pid("main");
    Path name = Path.of("/proc", Long.toString(main), "comm");
    Stage.await(() -> Stage.text(name).equals("sleep\n"), "the exec");

    var found = new Kin().find(stage.token::equals);

    assertThat(found).hasSize(1);
    assertThat(found.get(0).pid()).isEqualTo(main).isNotEqualTo(guard);
    assertThat(found.get(0).name()).isEqualTo("sleep");
  }

  @Test
  void a_kill_ends_sessions_daemons_and_who_lost_the_mark() throws IOException {
    var program =
        stage.bash(
            "setsid bash -c 'echo $$ > session; exec sleep 300' &\n"
                + "(setsid bash -c 'echo $$ > daemon; exec sleep 300' &)\n"
                + "env -i setsid bash -c 'echo $$ > bare; exec sleep 300' &\n"
                + "(env -i bash -c 'echo $$ > orphan; exec sleep 300' &)\n"
                + "wait");
    var all = List.of("session", "daemon", "bare", "orphan").stream().map(stage::pid).toList();

    boolean gone = program.kill();

    assertThat(gone).isTrue();
    assertThat(all).noneMatch(Stage::lives);
    assertThat(program.end()).contains(new End.Signalled(9));
  }

  @Test
  void a_kill_wins_against_a_program_that_forks_and_forks() throws IOException {
    var program =
        stage.bash(
            "f() { while :; do (setsid sleep 5 &); sleep 0.02; done; }\n"
                + "for i in 1 2 3 4; do f & done; echo $$ > begun; wait");
    stage.pid("begun");

    assertThat(program.kill()).isTrue();

    assertThat(new Kin().find(stage.token::equals)).isEmpty();
  }

  @Test
  void another_claim_and_who_only_looks_alike_are_left_alone() throws Exception {
    var other = new Stage(folder);
    var stranger = new ProcessBuilder("sleep", "300");
    stranger.environment().put(Kin.MARK, stage.token + "1");
    stranger.environment().put("X", "x\n" + Kin.MARK + "=" + stage.token);
    var bystander = stranger.start();
    try (other) {
      var kept = other.bash("echo $$ > kept; exec sleep 300");
      other.pid("kept");
      var program = stage.bash("echo $$ > mine; exec sleep 300");
      stage.pid("mine");

      assertThat(program.kill()).isTrue();

      assertThat(kept.end()).isEmpty();
      assertThat(bystander.isAlive()).isTrue();
    } finally {
      bystander.destroyForcibly();
    }
  }

  @Test
  void a_polite_stop_reaches_python_under_a_shell_script_and_waits_for_it() throws IOException {
    assumeTrue(there("python3"), "NO python3 on the PATH");
    Files.writeString(
        folder.resolve("train.py"),
        """
        import os, signal, sys, time
        def save(number, frame):
            time.sleep(2.5)
            print("saved", flush=True)
            sys.exit(0)
        signal.signal(signal.SIGTERM, save)
        open("train", "w").write("%d\\n" % os.getpid())
        while True:
            time.sleep(0.05)
        """);
    FakeProgram.put(folder, "run.sh", "python3 train.py | tee log\necho never");
    var program = stage.start("./run.sh");
    long train = stage.pid("train");

    program.signal("TERM");
    var end = stage.end(program);

    assertThat(end).isEqualTo(new End.Signalled(15));
    assertThat(stage.lines).containsExactly("saved");
    assertThat(lives(train)).isFalse();
  }

  @Test
  void a_polite_stop_spares_the_children_of_other_programs() throws IOException {
    assumeTrue(there("python3"), "NO python3 on the PATH");
    var program =
        stage.start(
            "python3",
            "-c",
            """
            import signal, subprocess, sys, time
            def end(number, frame):
                time.sleep(0.3)
                sys.exit(40 if child.poll() is None else 41)
            signal.signal(signal.SIGTERM, end)
            child = subprocess.Popen(["sleep", "300"])
            open("loader", "w").write("%d\\n" % child.pid)
            while True:
                time.sleep(0.05)
            """);
    long loader = stage.pid("loader");

    program.signal("TERM");

    assertThat(stage.end(program)).isEqualTo(new End.Exited(40));
    stage.awaitDeath(loader);
  }

  @Test
  void who_ignores_a_polite_stop_is_ended_by_the_kill_after_it() throws IOException {
    var program = stage.bash("trap '' TERM; echo $$ > me; while :; do sleep 0.2; done");
    stage.pid("me");

    program.signal("TERM");
    program.awaitEvent(Duration.ofMillis(300));
    boolean stillThere = program.end().isEmpty();
    boolean gone = program.kill();

    assertThat(stillThere).isTrue();
    assertThat(gone).isTrue();
    assertThat(program.end()).contains(new End.Signalled(9));
  }

  @Test
  void the_end_is_told_at_once_though_a_daemon_keeps_the_pipe() throws IOException {
    var late = new ArrayList<Long>();
    for (int i = 0; i < 9; i++) {
      var program =
          stage.bash("(sleep 300 & echo $! > daemon" + i + "); echo last; date +%s%N > at" + i);
      End end = stage.end(program);
      long now = java.time.Instant.now().toEpochMilli();
      long exited = Long.parseLong(Stage.text(folder.resolve("at" + i)).strip()) / 1_000_000;
      late.add(now - exited);
      assertThat(end).isEqualTo(new End.Exited(0));
      assertThat(lives(stage.pid("daemon" + i))).isTrue();
    }

    Collections.sort(late);
    assertThat(late.get(4)).isLessThan(200);
    assertThat(stage.lines).hasSize(9).containsOnly("last");
    for (int i = 0; i < 9; i++) {
      stage.awaitDeath(stage.pid("daemon" + i));
    }
  }

  @Test
  void leftovers_that_go_by_themselves_have_the_time() throws IOException {
    var program = stage.bash("(setsid bash -c 'echo $$ > helper; sleep 0.7; echo $$ > done' &)");
    long helper = stage.pid("helper");

    assertThat(stage.end(program)).isEqualTo(new End.Exited(0));
    program.close();

    assertThat(stage.pid("done")).isEqualTo(helper);
    Stage.await(program::isGone, "the guard to see that nobody is left");
  }

  @Test
  void a_program_that_closes_its_output_or_stops_itself_has_not_ended() throws Exception {
    var program = stage.bash("echo $$ > me; exec >&- 2>&-; kill -STOP $$; sleep 0.1; exit 5");
    long me = stage.pid("me");
    Stage.await(() -> Stage.text(Path.of("/proc/" + me + "/stat")).contains(") T "), "its stop");

    program.awaitEvent(Duration.ofMillis(200));
    assertThat(program.end()).isEmpty();
    Stage.kill("CONT", me);

    assertThat(stage.end(program)).isEqualTo(new End.Exited(5));
  }

  @Test
  void a_program_waits_while_nobody_takes_its_lines() throws IOException {
    var program = stage.bash("yes 'some line' | head -c 30000000; echo end; echo $$ > done");
    Stage.await(() -> program.output().hasLines(), "a line");

    program.awaitEvent(Duration.ofMillis(1));
    assertThat(program.output().newest().subList(0, 19)).containsOnly("some line");
    assertThat(folder.resolve("done")).doesNotExist();

    assertThat(stage.end(program)).isEqualTo(new End.Exited(0));
    assertThat(stage.lines).hasSize(3_000_001).last().isEqualTo("end");
  }

  @Test
  void two_hundred_megabytes_of_output_are_no_matter() throws IOException {
    long[] seen = new long[1];
    long start = System.nanoTime();
    var program = stage.bash("yes 'epoch 1 step 17 loss 0.123456789' | head -c 200000000");
    while (program.end().isEmpty()) {
      program.awaitEvent(Duration.ofSeconds(1));
      program.output().take(line -> seen[0] += line.length() + 1);
    }
    program.drain(line -> seen[0] += line.length() + 1);

    assertThat(seen[0]).isCloseTo(200_000_000, within(1L));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  private static boolean there(String program) {
    return List.of(System.getenv("PATH").split(":")).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
