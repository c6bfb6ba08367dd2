package dev.sweeprunner.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.launcher.Checkout.Started;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher starts the program, whatever it finds. */
@Timeout(120)
class LauncherTests {
  private static final Map<String, String> NOTHING = Map.of();

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
  void training_gets_the_vector_module_where_there_is_one_and_the_full_compiler() throws Exception {
    checkout.java("17.0.15", "jdk.incubator.vector java.sql", true);

    List<String> run = checkout.start(NOTHING, "--sweep", "a.yaml").lines();
    List<String> status = checkout.start(NOTHING, "--sweep", "a.yaml", "--status").lines();

    assertThat(run).containsSequence("--add-modules", "jdk.incubator.vector");
    assertThat(run).noneMatch(flag -> flag.contains("Tiered") || flag.contains("native-access"));
    assertThat(status).contains("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    assertThat(status).doesNotContain("--add-modules");
  }

  @Test
  void a_newer_java_is_allowed_native_access_and_needs_no_vector_module() throws Exception {
    checkout.java("25", "java.sql", true);

    List<String> run = checkout.start(NOTHING, "run").lines();

    assertThat(run).contains("--enable-native-access=ALL-UNNAMED").doesNotContain("--add-modules");
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

    List<String> plain = checkout.start(Map.of("LC_ALL", "C")).lines();
    List<String> own = checkout.start(Map.of("LANG", "de_DE.UTF-8")).lines();

    assertThat(plain).contains("locale C.UTF-8");
    assertThat(own).contains("locale ");
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
  void a_jar_built_anew_is_unpacked_anew_beside_the_old_one() throws Exception {
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

  private Started startSlowBuild() throws IOException, InterruptedException {
    int before = checkout.builds().size();
    Started start = checkout.start(Map.of("BUILD_SECONDS", "50"));
    while (checkout.builds().size() == before) {
      assertThat(start.process().isAlive()).isTrue();
      Thread.sleep(10);
    }
    return start;
  }
}
