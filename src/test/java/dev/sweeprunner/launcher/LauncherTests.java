package dev.sweeprunner.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.launcher.Checkout.Started;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher starts the program, whatever it finds. */
@Timeout(120)
class LauncherTests {
  private static final Map<String, String> NOTHING = Map.of();
  private static final String VECTORS = "--add-modules=jdk.incubator.vector";
  private static final Map<String, String> ARRAY_TASK =
      Map.of("SLURM_JOB_ID", "45", "SLURM_ARRAY_JOB_ID", "42", "SLURM_ARRAY_TASK_ID", "3");

  /** What Maven prints of a build: its own lines, and those of downloads. */
  private static final String MAVEN =
      "[INFO] Scanning for projects...\\n"
          + "Downloading from central: https://repo.example/a.pom\\n"
          + "Downloaded from central: https://repo.example/a.pom (2 kB at 9 kB/s)\\n"
          + "Downloading from central: https://repo.example/a.jar\\n"
          + "Downloaded from central: https://repo.example/a.jar (2 kB at 9 kB/s)\\n"
          + "[INFO] --- compiler:3.14.0:compile (default-compile) @ sweep-runner ---\\n"
          + "[INFO] Compiling 2 source files with javac [debug release 17] to target/classes\\n"
          + "[WARNING] A.java: deprecated\\n  it is deprecated\\n"
          + "Downloading from central: https://repo.example/b.jar\\n"
          + "Downloaded from central: https://repo.example/b.jar (2 kB at 9 kB/s)\\n"
          + "[INFO] --- jar:3.4.2:jar (default-jar) @ sweep-runner ---\\n"
          + "[INFO] --- shade:3.6.0:shade (default) @ sweep-runner ---\\n";

  @TempDir Path base;

  private Checkout checkout;

  @BeforeEach
  void lay_out() throws IOException {
    checkout = new Checkout(base);
  }

  @Test
  void it_becomes_java_with_the_users_arguments_in_the_users_folder() throws Exception {
    checkout.java("17.0.15", "java.sql", true);

    Started start = checkout.start(NOTHING, "run", "--note", "a  b", "", "*", "--x=$HOME");

    assertThat(start.lines())
        .startsWith("pid " + start.process().pid(), "in " + base.resolve("somewhere else"))
        .endsWith("run", "--note", "a  b", "", "*", "--x=$HOME");
    assertThat(start.exit()).isZero();
  }

  @Test
  void a_missing_jar_is_built_once_with_the_build_shown_on_stderr() throws Exception {
    Path jdk = checkout.java("17.0.15", "", true);

    Started first = checkout.start(NOTHING);
    List<String> said = first.said();
    Started second = checkout.start(NOTHING);

    assertThat(said).contains("compiling");
    assertThat(second.said()).isEmpty();
    assertThat(checkout.builds()).hasSize(1);
    assertThat(checkout.builds().get(0)).startsWith(jdk + " ").endsWith(" package");
    assertThat(checkout.jar()).hasContent("jar");
    assertThat(checkout.litter()).isEmpty();
  }

  @Test
  void a_build_says_what_it_does_and_how_long_that_took() throws Exception {
    checkout.java("17.0.15", "", true);

    List<String> said = checkout.start(Map.of("BUILD_SAYS", MAVEN)).said();

    assertThat(said.stream().map(line -> line.replaceAll("\\d+ s\\b", "N s")))
        .startsWith(
            "sweep-runner: building sweep-runner.jar, once; a first build downloads its libraries.",
            "sweep-runner: starting Maven.",
            "compiling",
            "sweep-runner: starting Maven took N s; downloading.",
            "sweep-runner: downloading took N s (2 files so far); compiling.",
            "sweep-runner: compiling took N s; downloading.",
            "sweep-runner: downloading took N s (3 files so far); packing.",
            "sweep-runner: packing took N s; built in N s.");
  }

  @Test
  void of_a_build_that_fails_the_errors_are_passed_on_and_nothing_else() throws Exception {
    checkout.java("17.0.15", "", true);
    String errors = "[ERROR] A.java: no semicolon\\n  it must end so\\n[INFO] BUILD FAILURE\\n";

    List<String> said =
        checkout.start(Map.of("BUILD_FAILS", "yes", "BUILD_SAYS", MAVEN + errors)).said();

    assertThat(said).contains("[ERROR] A.java: no semicolon", "  it must end so");
    assertThat(said).noneMatch(line -> line.contains("INFO") || line.contains("deprecated"));
    assertThat(said).last().asString().contains("its messages stand above");
  }

  @Test
  void a_stopped_build_says_that_its_downloads_are_kept() throws Exception {
    checkout.java("17.0.15", "", true);
    Started start = startSlowBuild(Map.of("BUILD_SAYS", MAVEN), "run");
    while (!Files.readString(start.err()).contains("packing")) {
      assertThat(start.process().isAlive()).isTrue();
      Thread.sleep(10);
    }

    start.signal("TERM");

    assertThat(start.exit()).isEqualTo(75);
    assertThat(start.said())
        .endsWith(
            "sweep-runner: the 3 files downloaded so far are kept for the next build.",
            "sweep-runner: stopped before the start.");
  }

  @Test
  void eight_starts_at_once_build_once() throws Exception {
    checkout.java("17.0.15", "", true);

    List<Started> starts = startEight();

    for (Started start : starts) {
      assertThat(start.exit()).isZero();
      assertThat(start.lines()).endsWith("status");
    }
    assertThat(checkout.builds()).hasSize(1);
    assertThat(checkout.litter()).isEmpty();
  }

  @Test
  void eight_starts_at_once_build_once_without_flock() throws Exception {
    checkout.java("17.0.15", "", true);
    checkout.without("flock");

    List<Started> starts = startEight();

    for (Started start : starts) {
      assertThat(start.exit()).isZero();
    }
    assertThat(checkout.builds()).hasSize(1);
    assertThat(checkout.litter()).isEmpty();
  }

  @Test
  void after_a_killed_builder_the_next_start_builds() throws Exception {
    checkout.java("17.0.15", "", true);
    for (String missing : List.of("", "flock")) {
      if (!missing.isEmpty()) {
        checkout.without(missing);
        Files.delete(checkout.jar());
      }
      Started killed = startSlowBuild();
      List<ProcessHandle> children = killed.process().descendants().toList();
      killed.process().destroyForcibly().waitFor();

      Started next = checkout.start(NOTHING);

      assertThat(next.exit()).isZero();
      assertThat(checkout.jar()).hasContent("jar");
      children.forEach(ProcessHandle::destroyForcibly);
    }
    assertThat(checkout.builds()).hasSize(4);
  }

  @Test
  void a_stop_while_building_leaves_in_order() throws Exception {
    checkout.java("17.0.15", "", true);
    Started start = startSlowBuild();

    start.process().destroy();

    assertThat(start.exit()).isEqualTo(75);
    assertThat(start.said()).last().isEqualTo("sweep-runner: stopped before the start.");
    assertThat(checkout.jar()).doesNotExist();
    assertThat(checkout.litter()).isEmpty();
  }

  @Test
  void a_build_that_fails_is_said_and_leaves_nothing() throws Exception {
    checkout.java("17.0.15", "", true);

    Started start = checkout.start(Map.of("BUILD_FAILS", "yes"));

    assertThat(start.exit()).isEqualTo(2);
    assertThat(start.said())
        .endsWith("cannot compile", "sweep-runner: the build failed; its messages stand above.");
    assertThat(checkout.jar()).doesNotExist();
    assertThat(checkout.litter()).isEmpty();
  }

  @Test
  void without_java_one_sentence_says_what_to_do() throws Exception {
    checkout.java("11.0.2", "", true);

    Started start = checkout.start(NOTHING);

    assertThat(start.exit()).isEqualTo(2);
    assertThat(start.said())
        .singleElement()
        .asString()
        .contains("no Java 17 or newer")
        .contains("set JAVA_HOME");
  }

  @Test
  void a_java_home_that_is_too_old_is_named_and_passed_over() throws Exception {
    Path old = checkout.java("11.0.2", "", true);
    Path jdk = checkout.java("25.0.1", "", true);

    Started start = checkout.start(Map.of("JAVA_HOME", old.toString()));

    assertThat(start.said()).first().asString().contains(old.toString());
    assertThat(checkout.builds().get(0)).startsWith(jdk.toString());
  }

  @Test
  void the_java_on_the_path_comes_before_other_installations() throws Exception {
    checkout.java("17.0.15", "", true);
    Path other = checkout.java("21.0.1", "", true);
    Files.createSymbolicLink(base.resolve("bin/java"), other.resolve("bin/java"));

    checkout.start(NOTHING).exit();

    assertThat(checkout.builds().get(0)).startsWith(other.toString());
  }

  @Test
  void a_runtime_without_a_compiler_runs_but_cannot_build() throws Exception {
    checkout.java("17.0.15", "", false);

    Started unbuilt = checkout.start(NOTHING);
    int code = unbuilt.exit();
    Files.writeString(checkout.jar(), "jar");
    Started built = checkout.start(NOTHING);

    assertThat(code).isEqualTo(2);
    assertThat(unbuilt.said()).singleElement().asString().contains("has no javac");
    assertThat(built.exit()).isZero();
  }

  @Test
  void training_gets_the_full_compiler_and_the_vector_module_where_java_has_it() throws Exception {
    checkout.java("17.0.15", "jdk.incubator.vector java.sql", true);

    List<String> run = checkout.start(NOTHING, "--sweep", "a.yaml").lines();
    List<String> status = checkout.start(NOTHING, "--sweep", "a.yaml", "--status").lines();

    assertThat(run).noneMatch(flag -> flag.contains("Tiered") || flag.contains("native-access"));
    assertThat(run).contains(VECTORS);
    assertThat(status).contains("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    assertThat(status).doesNotContain(VECTORS);
  }

  @Test
  void who_insists_on_a_gpu_gets_no_vector_module() throws Exception {
    checkout.java("17.0.15", "jdk.incubator.vector java.sql", true);

    List<String> option = checkout.start(NOTHING, "run", "--device", "cuda:1").lines();
    List<String> variable = checkout.start(Map.of("SWEEP_RUNNER_DEVICE", "cuda"), "run").lines();
    List<String> auto = checkout.start(NOTHING, "run", "--device", "auto").lines();

    assertThat(option).doesNotContain(VECTORS);
    assertThat(variable).doesNotContain(VECTORS);
    assertThat(auto).contains(VECTORS);
  }

  @Test
  void a_newer_java_is_allowed_native_access_and_needs_no_vector_module() throws Exception {
    checkout.java("25", "java.sql", true);

    List<String> run = checkout.start(NOTHING, "run").lines();

    assertThat(run).contains("--enable-native-access=ALL-UNNAMED").doesNotContain(VECTORS);
  }

  @Test
  void options_of_the_user_come_last() throws Exception {
    checkout.java("17.0.15", "", true);

    List<String> run = checkout.start(Map.of("SWEEP_RUNNER_JAVA_OPTS", "-Xmx2g  -Da=*")).lines();

    assertThat(run).containsSequence("-Xmx2g", "-Da=*", "-jar");
  }

  @Test
  void under_a_plain_locale_paths_may_still_hold_any_letter() throws Exception {
    checkout.java("17.0.15", "", true);

    checkout.with("locale", "#!/bin/sh\necho ANSI_X3.4-1968\n");
    List<String> plain = checkout.start(Map.of("LC_ALL", "C")).lines();
    checkout.with("locale", "#!/bin/sh\necho UTF-8\n");
    List<String> own = checkout.start(Map.of("LANG", "de_DE.UTF-8")).lines();

    assertThat(plain).contains("locale C.UTF-8");
    assertThat(own).contains("locale ");
  }

  @Test
  void a_locale_that_this_machine_lacks_is_as_good_as_none() throws Exception {
    checkout.java("17.0.15", "", true);
    Map<String, String> carried = Map.of("LC_CTYPE", "UTF-8", "LANG", "de_DE.UTF-8");

    checkout.with("locale", "#!/bin/sh\necho 'locale: Cannot set LC_ALL' >&2\necho UTF-8\n");
    List<String> halfThere = checkout.start(carried).lines();
    checkout.without("locale");
    List<String> unknown = checkout.start(carried).lines();

    assertThat(halfThere).contains("locale C.UTF-8");
    assertThat(unknown).contains("locale C.UTF-8");
  }

  @Test
  void newer_sources_are_said_and_the_jar_runs_as_it_is() throws Exception {
    checkout.java("17.0.15", "", true);
    checkout.start(NOTHING).exit();
    FileTime later = FileTime.from(Instant.now().plusSeconds(60));
    Files.setLastModifiedTime(checkout.root().resolve("src/main/A.java"), later);

    Started start = checkout.start(NOTHING, "status");

    assertThat(start.said()).singleElement().asString().contains("sources are newer than the jar");
    assertThat(start.lines()).endsWith("status");
    assertThat(checkout.builds()).hasSize(1);
  }

  @Test
  void a_link_to_the_launcher_finds_its_checkout() throws Exception {
    checkout.java("17.0.15", "", true);
    Path link = Files.createSymbolicLink(base.resolve("sr"), Path.of("check out/sweep-runner"));
    Path far = Files.createSymbolicLink(base.resolve("bin/sr"), link);

    Started start = checkout.start(far, NOTHING, "status");

    assertThat(start.exit()).isZero();
    assertThat(checkout.jar()).exists();
  }

  @Test
  void where_the_checkout_cannot_be_written_the_jar_lies_in_a_cache() throws Exception {
    checkout.java("17.0.15", "", true);
    Files.writeString(checkout.root().resolve("target"), "a file, so no folder can be made");

    int first = checkout.start(NOTHING).exit();
    Started second = checkout.start(NOTHING);

    assertThat(first).isZero();
    assertThat(second.said()).isEmpty();
    assertThat(checkout.builds()).hasSize(1);
    assertThat(base.resolve("home/.cache/sweep-runner")).isDirectory();
  }

  @Test
  void a_distribution_runs_its_own_java_and_jar_whatever_else_is_there() throws Exception {
    Path jdk = checkout.java("25.0.1", "", true);
    Files.createSymbolicLink(base.resolve("bin/java"), jdk.resolve("bin/java"));
    checkout.distribute("17.0.15");

    List<String> run = checkout.start(Map.of("JAVA_HOME", jdk.toString()), "run").lines();

    assertThat(run).contains("java " + checkout.root().resolve("runtime/bin/java"));
    assertThat(started(run)).isEqualTo(checkout.root().resolve("app/sweep-runner.jar").toString());
    assertThat(run).doesNotContain("--add-modules");
    assertThat(checkout.builds()).isEmpty();
  }

  @Test
  void a_distribution_makes_its_class_archive_once() throws Exception {
    checkout.distribute("17.0.15");

    Started first = checkout.start(NOTHING, "status");
    List<String> said = first.said();
    Started second = checkout.start(NOTHING, "status");

    assertThat(said).containsExactly("sweep-runner: preparing faster starts, once.");
    assertThat(second.said()).isEmpty();
    assertThat(second.lines())
        .anyMatch(flag -> flag.startsWith("-XX:SharedArchiveFile=" + checkout.root()));
    assertThat(checkout.litter()).isEmpty();
  }

  @Test
  void a_distribution_that_cannot_be_written_keeps_its_class_archive_in_a_cache() throws Exception {
    checkout.distribute("17.0.15");
    Files.writeString(checkout.root().resolve("target"), "a file, so no folder can be made");

    List<String> status = checkout.start(NOTHING, "status").lines();

    Path cache = base.resolve("home/.cache/sweep-runner");
    assertThat(status).anyMatch(flag -> flag.startsWith("-XX:SharedArchiveFile=" + cache));
    assertThat(started(status))
        .isEqualTo(checkout.root().resolve("app/sweep-runner.jar").toString());
  }

  @Test
  void a_runtime_that_cannot_be_executed_is_named_and_passed_over() throws Exception {
    Path jdk = checkout.java("17.0.15", "", false);
    checkout.distribute("17.0.15");
    assertThat(checkout.root().resolve("runtime/bin/java").toFile().setExecutable(false, false))
        .isTrue();

    Started start = checkout.start(NOTHING, "status");

    assertThat(start.said()).first().asString().contains("runtime cannot be executed");
    assertThat(start.lines()).contains("java " + jdk.resolve("bin/java"));
  }

  @Test
  void a_link_to_a_distributions_folder_is_followed_so_that_it_may_be_turned() throws Exception {
    checkout.distribute("17.0.15");
    Path current = Files.createSymbolicLink(base.resolve("current"), Path.of("check out"));

    List<String> status =
        checkout.start(current.resolve("sweep-runner"), NOTHING, "status").lines();

    assertThat(started(status))
        .isEqualTo(checkout.root().resolve("app/sweep-runner.jar").toString());
  }

  @Test
  void a_warning_before_java_listens_does_not_kill_it() throws Exception {
    checkout.java("17.0.15", "", true);

    Started warned = checkout.start(Map.of("SIGNAL", "USR1"), "run");
    Started warnedAsSubmititDoes = checkout.start(Map.of("SIGNAL", "USR2"), "run");
    Started stopped = checkout.start(Map.of("SIGNAL", "TERM"), "run");

    assertThat(warned.exit()).isZero();
    assertThat(warned.lines()).endsWith("run");
    assertThat(warnedAsSubmititDoes.lines()).endsWith("run").contains("JVM's own signal 62");
    assertThat(stopped.exit()).isEqualTo(128 + 15);
  }

  @Test
  void java_takes_over_a_warning_that_it_was_started_to_ignore() throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin/java");
    URI classes = Warned.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    List<String> command =
        List.of("/bin/bash", "-c", "trap '' USR1; exec \"$@\"", "bash", java.toString());
    List<String> arguments =
        List.of("-XX:+UseSerialGC", "-cp", Path.of(classes).toString(), Warned.class.getName());

    Process process =
        new ProcessBuilder(Stream.concat(command.stream(), arguments.stream()).toList())
            .inheritIO()
            .start();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(Warned.HEARD);
  }

  @Test
  void a_warned_task_that_has_not_begun_is_requeued_by_its_place_in_the_array() throws Exception {
    slurm("JobId=45 ArrayJobId=42 ArrayTaskId=3 JobName=sweep", 0);

    List<String> said = saidWhenWarned(ARRAY_TASK, "--sweep", "a.yaml");

    assertThat(said)
        .endsWith(
            "sweep-runner: stopped before the start.",
            "sweep-runner: task 42_3 is requeued: it comes back, this once.");
    assertThat(asked()).containsExactly("-o show job 42_3", "requeue 42_3");
  }

  @Test
  void a_warned_task_outside_an_array_is_requeued_by_its_job() throws Exception {
    slurm("", 0);

    List<String> said = saidWhenWarned(Map.of("SLURM_JOB_ID", "42"), "run");

    assertThat(said).endsWith("sweep-runner: task 42 is requeued: it comes back, this once.");
    assertThat(asked()).containsExactly("requeue 42");
  }

  @Test
  void a_task_whose_array_belongs_to_another_job_is_not_requeued() throws Exception {
    slurm("JobId=42 ArrayJobId=42 ArrayTaskId=3 JobName=its_parent", 0);

    List<String> said = saidWhenWarned(ARRAY_TASK, "run");

    assertThat(said).last().asString().contains("task 42_3 is not requeued");
    assertThat(asked()).containsExactly("-o show job 42_3");
  }

  @Test
  void a_requeue_that_fails_is_said() throws Exception {
    slurm("slurm_load_jobs error: Requested operation is presently disabled", 1);

    List<String> said = saidWhenWarned(Map.of("SLURM_JOB_ID", "42"), "run");

    assertThat(said)
        .last()
        .asString()
        .contains("task 42 does not come back")
        .contains("presently disabled");
  }

  @Test
  void a_missing_scontrol_is_said() throws Exception {
    checkout.java("17.0.15", "", true);

    assertThat(saidWhenWarned(Map.of("SLURM_JOB_ID", "42"), "run"))
        .last()
        .asString()
        .contains("task 42 does not come back")
        .contains("scontrol");
  }

  @Test
  void only_a_warning_to_a_worker_of_a_task_requeues() throws Exception {
    slurm("", 0);
    Started stopped = startSlowBuild(Map.of("SLURM_JOB_ID", "42"), "run");
    stopped.signal("TERM");
    int code = stopped.exit();

    saidWhenWarned(Map.of("SLURM_JOB_ID", "42"), "status");
    saidWhenWarned(Map.of("SLURM_JOB_ID", "42"), "run", "--slurm.requeue", "never");
    saidWhenWarned(Map.of("SLURM_JOB_ID", "42", "SWEEP_RUNNER_SLURM_REQUEUE", "never"), "run");
    saidWhenWarned(Map.of("SLURM_JOB_ID", "42"), "run", "--slurm.requeue=preempt");
    saidWhenWarned(Map.of("SLURM_JOB_ID", "42"), "run", "--sweep-runner.slurm.requeue", "never");
    saidWhenWarned(NOTHING, "run");

    assertThat(code).isEqualTo(75);
    assertThat(asked()).isEmpty();
  }

  @Test
  void the_command_line_outranks_the_environment_on_what_comes_back() throws Exception {
    slurm("", 0);
    Map<String, String> never = Map.of("SLURM_JOB_ID", "42", "SWEEP_RUNNER_SLURM_REQUEUE", "never");

    saidWhenWarned(never, "run", "--slurm.requeue", "always");

    assertThat(asked()).containsExactly("requeue 42");
  }

  @Test
  void a_task_that_is_warned_before_java_twice_in_a_row_does_not_come_back_again()
      throws Exception {
    slurm("", 0);

    List<String> first = saidWhenWarned(life(0), "run");
    List<String> second = saidWhenWarned(life(1), "run");

    assertThat(first).endsWith("sweep-runner: task 42 is requeued: it comes back, this once.");
    assertThat(second)
        .last()
        .asString()
        .contains("task 42 is not requeued again")
        .contains("two starts in a row")
        .contains("longer --time");
    assertThat(asked()).containsExactly("requeue 42");

    saidWhenWarned(life(3), "run");
    assertThat(asked()).as("a life in between came further").hasSize(2);
  }

  @Test
  void a_build_that_is_warned_in_a_job_is_refused_to_all_others_and_says_what_to_do()
      throws Exception {
    slurm("", 0);
    Started warned = startSlowBuild(Map.of("SLURM_JOB_ID", "42"), "run");
    Started waiting = checkout.start(Map.of("SLURM_JOB_ID", "43"), "run");
    while (!Files.readString(waiting.err()).contains("waiting for it")) {
      assertThat(waiting.process().isAlive()).isTrue();
      Thread.sleep(10);
    }
    warned.signal("USR1");

    assertThat(warned.exit()).isEqualTo(75);
    assertThat(warned.said())
        .last()
        .asString()
        .contains("is not requeued")
        .contains("run " + checkout.root() + "/sweep-runner version");
    assertThat(waiting.exit()).isEqualTo(2);
    assertThat(waiting.said()).last().asString().contains("/sweep-runner version");
    assertThat(asked()).isEmpty();
    assertThat(checkout.builds()).hasSize(1);

    assertThat(checkout.start(NOTHING, "version").exit()).isZero();
    Files.delete(checkout.jar());
    assertThat(checkout.start(Map.of("SLURM_JOB_ID", "44"), "run").exit()).isZero();
  }

  @Test
  void a_task_that_waits_for_a_build_of_another_comes_back_once() throws Exception {
    slurm("", 0);
    Started building = startSlowBuild();

    assertThat(saidWhenWaiting(life(0))).last().asString().contains("it comes back, this once");
    assertThat(saidWhenWaiting(life(1))).last().asString().contains("/sweep-runner version");
    assertThat(asked()).containsExactly("requeue 42");

    building.signal("TERM");
    building.exit();
  }

  private List<String> saidWhenWaiting(Map<String, String> environment)
      throws IOException, InterruptedException {
    Started waiting = checkout.start(environment, "run");
    while (!Files.readString(waiting.err()).contains("waiting for it")) {
      assertThat(waiting.process().isAlive()).isTrue();
      Thread.sleep(10);
    }
    waiting.signal("USR1");
    assertThat(waiting.exit()).isEqualTo(75);
    return waiting.said();
  }

  @Test
  void where_nothing_can_be_remembered_only_the_first_life_comes_back() throws Exception {
    slurm("", 0);
    checkout.start(NOTHING).exit();
    Files.writeString(checkout.root().resolve("target/requeued"), "a file");

    saidWhenWarned(life(0), "run");
    saidWhenWarned(life(1), "run");

    assertThat(asked()).containsExactly("requeue 42");
  }

  @Test
  void what_is_remembered_of_tasks_does_not_pile_up() throws Exception {
    slurm("", 0);
    Path old = Files.createDirectories(checkout.root().resolve("target/requeued")).resolve("a-1");
    Files.writeString(old, "0");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(9 * 86_400)));

    saidWhenWarned(life(0), "run");

    assertThat(old).doesNotExist();
    assertThat(old.resolveSibling("slurm-42")).hasContent("0");
  }

  @Test
  void a_stop_before_java_tells_slurm_what_it_is_to_count() throws Exception {
    slurm("", 0);
    Map<String, String> zero =
        Map.of("SLURM_JOB_ID", "42", "SWEEP_RUNNER_SLURM_EXIT_CODES", "zero");

    Started inJob = startSlowBuild(zero, "run");
    inJob.signal("TERM");
    Started outside = startSlowBuild(NOTHING, "run", "--slurm.exit-codes=zero");
    outside.signal("TERM");

    assertThat(inJob.exit()).isZero();
    assertThat(outside.exit()).isEqualTo(75);
  }

  @Test
  void one_of_many_hosts_builds_though_flock_holds_on_each_alone() throws Exception {
    checkout.java("17.0.15", "", true);
    checkout.with("flock", "#!/bin/sh\nexit 0\n");

    List<Started> starts = startEight();

    for (Started start : starts) {
      assertThat(start.exit()).isZero();
    }
    assertThat(checkout.builds()).hasSize(1);
    assertThat(checkout.litter()).isEmpty();
  }

  @Test
  void a_builder_on_another_host_is_dead_once_its_pulse_stands_still() throws Exception {
    checkout.java("17.0.15", "", true);
    Path lock = Files.createDirectories(checkout.root().resolve("target/.lock.d"));
    Files.writeString(lock.resolve("owner"), "another-host 1 5\n");
    Started waiting = checkout.start(Map.of("SWEEP_RUNNER_LOCK_SILENCE", "3"), "status");
    for (int pulse = 6; pulse < 12; pulse++) {
      Thread.sleep(1000);
      Files.writeString(lock.resolve("owner"), "another-host 1 " + pulse + "\n");
    }
    assertThat(waiting.process().isAlive()).isTrue();
    assertThat(checkout.builds()).isEmpty();

    assertThat(waiting.exit()).isZero();
    assertThat(checkout.builds()).hasSize(1);
    assertThat(checkout.litter()).isEmpty();
  }

  @Test
  void a_lock_that_a_dead_host_left_keeps_no_later_start_from_its_archive() throws Exception {
    checkout.java("17.0.15", "", true);
    checkout.start(NOTHING).exit();
    Files.delete(checkout.jar());
    Files.writeString(checkout.jar(), "another jar");
    Path lock = Files.createDirectories(checkout.root().resolve("target/.lock.d"));
    Files.writeString(lock.resolve("owner"), "another-host 1 5\n");

    List<String> meanwhile = checkout.start(NOTHING, "status").lines();
    Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minusSeconds(700)));
    List<String> later = checkout.start(NOTHING, "status").lines();

    assertThat(started(meanwhile)).isEqualTo(checkout.jar().toString());
    assertThat(later).anyMatch(flag -> flag.startsWith("-XX:SharedArchiveFile="));
    assertThat(checkout.litter()).isEmpty();
  }

  @Test
  void what_a_user_configures_is_no_source() throws Exception {
    checkout.java("17.0.15", "", true);
    checkout.start(NOTHING).exit();
    FileTime later = FileTime.from(Instant.now().plusSeconds(60));
    Files.setLastModifiedTime(checkout.root().resolve("application.yml"), later);
    Files.setLastModifiedTime(checkout.root().resolve("config/quickstart.toml"), later);

    assertThat(checkout.start(NOTHING, "status").said()).isEmpty();
  }

  @Test
  void in_a_job_only_scale_looks_whether_sources_are_newer() throws Exception {
    checkout.java("17.0.15", "", true);
    checkout.start(NOTHING).exit();
    checkout.with("find", "#!/bin/sh\necho \"$*\" >>'" + base.resolve("found") + "'\n");
    Map<String, String> job = Map.of("SLURM_JOB_ID", "42");

    checkout.start(job, "run").exit();
    assertThat(base.resolve("found")).doesNotExist();
    checkout.start(job, "scale").exit();

    assertThat(base.resolve("found")).content().contains("src/main");
  }

  private static Map<String, String> life(int restarts) {
    Map<String, String> job = new HashMap<>(Map.of("SLURM_JOB_ID", "42"));
    if (restarts > 0) {
      job.put("SLURM_RESTART_COUNT", Integer.toString(restarts));
    }
    return job;
  }

  @Test
  void a_jar_built_anew_is_copied_anew_beside_the_old_one() throws Exception {
    checkout.java("17.0.15", "", true);
    List<String> before = checkout.start(NOTHING, "status").lines();
    Files.delete(checkout.jar());
    Files.writeString(checkout.jar(), "another jar");

    List<String> after = checkout.start(NOTHING, "status").lines();

    assertThat(Path.of(started(before))).hasContent("jar");
    assertThat(Path.of(started(after))).hasContent("another jar");
    assertThat(after).anyMatch(flag -> flag.startsWith("-XX:SharedArchiveFile="));
  }

  private static String started(List<String> lines) {
    return lines.get(lines.indexOf("-jar") + 1);
  }

  private List<Started> startEight() throws IOException {
    List<Started> starts = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      starts.add(checkout.start(Map.of("BUILD_SECONDS", "1"), "status"));
    }
    return starts;
  }

  /** A JDK, and an scontrol that notes what it is asked and answers this. */
  private void slurm(String answer, int code) throws IOException {
    checkout.java("17.0.15", "", true);
    String note = "echo \"$*\" >>'" + base.resolve("asked") + "'\n";
    checkout.with("scontrol", "#!/bin/sh\n" + note + "echo '" + answer + "'\nexit " + code + "\n");
  }

  private List<String> asked() throws IOException {
    Path asked = base.resolve("asked");
    return Files.exists(asked) ? Files.readAllLines(asked) : List.of();
  }

  /** What a start says that gets SIGUSR1 while it finds its way; it leaves with 75. */
  private List<String> saidWhenWarned(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path slow = base.resolve("slow");
    Files.deleteIfExists(slow);
    checkout.with("locale", "#!/bin/sh\n: >'" + slow + "'\nsleep 50 & wait\n");
    Started start = checkout.start(environment, arguments);
    while (!Files.exists(slow)) {
      assertThat(start.process().isAlive()).isTrue();
      Thread.sleep(10);
    }
    List<ProcessHandle> children = start.process().descendants().toList();
    start.signal("USR1");
    children.forEach(ProcessHandle::destroy);
    assertThat(start.exit()).isEqualTo(75);
    return start.said();
  }

  private Started startSlowBuild() throws IOException, InterruptedException {
    return startSlowBuild(NOTHING);
  }

  private Started startSlowBuild(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    int before = checkout.builds().size();
    Map<String, String> slow = new HashMap<>(environment);
    slow.put("BUILD_SECONDS", "50");
    Started start = checkout.start(slow, arguments);
    while (checkout.builds().size() == before) {
      assertThat(start.process().isAlive()).isTrue();
      Thread.sleep(10);
    }
    return start;
  }
}
