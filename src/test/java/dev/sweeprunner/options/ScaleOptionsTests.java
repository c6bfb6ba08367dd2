package dev.sweeprunner.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.TaskProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which file, or which options, say what {@code scale} submits. */
class ScaleOptionsTests {
  @TempDir Path folder;
  private Path root;
  private Path home;
  private Path settings;

  @BeforeEach
  void folders() throws IOException {
    root = Files.createDirectories(folder.resolve("root"));
    home = Files.createDirectories(folder.resolve("home"));
    settings = folder.resolve("settings");
    Files.createDirectories(folder.resolve("sweeps"));
  }

  private ScaleOptions scale(String... more) {
    return read(Map.of("XDG_CONFIG_HOME", settings.toString()), more);
  }

  private ScaleOptions read(Map<String, String> environment, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("scale", "--sweep", folder + "/sweeps/a.yaml", "--storage", "root"));
    words.addAll(List.of(more));
    Properties packed = Properties.packed();
    Invocation invocation = CommandLine.parse(words.toArray(String[]::new), packed.names());
    return Settings.read(
            packed,
            invocation,
            environment,
            word -> Path.of(word.replaceFirst("^~", home.toString())),
            folder)
        .scale();
  }

  private Path put(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void with_nothing_said_there_is_one_kind_of_task() {
    ScaleOptions scale = scale();

    assertThat(scale.profiles())
        .containsExactly(new TaskProfile("default", "", "", 8, 1, List.of(), "slurm/run_sweep.sh"));
    assertThat(scale.from()).isEqualTo("no file; the default");
    assertThat(scale.perLook()).isEqualTo(4);
    assertThat(scale.unclaimedPerHour()).isEqualTo(16);
  }

  @Test
  void the_usual_case_needs_options_alone() {
    ScaleOptions scale =
        scale(
            "--partition",
            "gpu,big",
            "--gpus",
            "a100:1",
            "--limit",
            "3",
            "--sbatch",
            "--account=me --comment='two words'");

    assertThat(scale.profiles())
        .containsExactly(
            new TaskProfile(
                "gpu-big",
                "gpu,big",
                "a100:1",
                3,
                1,
                List.of("--account=me", "--comment=two words"),
                "slurm/run_sweep.sh"));
    assertThat(scale.from()).isEqualTo("the options");
    assertThat(scale("--gpus", "1").profiles().get(0).name()).isEqualTo("default");
    assertThat(scale("--gpus", "1").profiles().get(0).limit()).isEqualTo(8);
  }

  /** Each place outranks those after it; the options, which name a profile, outrank them all. */
  @Test
  void the_nearest_file_counts_and_is_named() throws IOException {
    put(folder.resolve("application.yml"), "sweep-runner: {scale: {profiles: {f: {limit: 1}}}}");
    assertThat(scale().from()).isEqualTo("application.yml");
    Path own = put(settings.resolve("sweep-runner/scale.yml"), "e: {limit: 1}");
    assertThat(scale().from()).isEqualTo(own.toString());
    Path usual = put(home.resolve(".config/sweep-runner/scale.yml"), "d: {limit: 1}");
    assertThat(read(Map.of()).from()).isEqualTo(usual.toString());
    Path storage = put(root.resolve("scale.yml"), "c: {limit: 1}");
    assertThat(scale().from()).isEqualTo(storage.toString());
    Path beside = put(folder.resolve("sweeps/scale.yml"), "b: {limit: 1}");
    assertThat(scale().from()).isEqualTo(beside.toString());
    Path named = put(folder.resolve("mine.yml"), "a: {limit: 1}");

    ScaleOptions scale = scale("--profiles", named.toString());

    assertThat(scale.from()).isEqualTo(named.toString());
    assertThat(scale.profiles()).extracting(TaskProfile::name).containsExactly("a");
    assertThat(scale("--limit", "2").from()).isEqualTo("the options");
  }

  @Test
  void a_list_of_sweeps_has_its_file_beside_it() throws IOException {
    Path beside = put(folder.resolve("lists/scale.yml"), "b: {limit: 1}");
    Properties packed = Properties.packed();
    String list = folder + "/lists/active.txt";
    Invocation invocation =
        CommandLine.parse(new String[] {"scale", "--sweeps-from", list}, packed.names());

    assertThat(Settings.read(packed, invocation, Map.of(), Path::of, folder).scale().from())
        .isEqualTo(beside.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "b: {limit: 2}\na: {limit: 1, gpus: 1}",
        "sweep-runner: {scale: {profiles: {b: {limit: 2}, a: {limit: 1, gpus: 1}}}}"
      })
  void a_file_may_have_the_heading_or_not(String text) throws IOException {
    Path file = put(folder.resolve("p.yml"), text);

    assertThat(scale("--profiles", file.toString()).profiles())
        .extracting(TaskProfile::name)
        .containsExactly("b", "a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpu: {limt: 3} | gpu.limt is unknown. Did you mean limit?",
        "gpu: {gpus: 1} | gpu.limit is missing. Give it a whole number of at least 1.",
        "sweep-runner: {scale: {profiles: {gpu: {limit: 0}}}} |"
            + " sweep-runner.scale.profiles.gpu.limit is",
        "sweep-runner: {scale: {per-look: 3}} | sweep-runner.scale.per-look is no profile",
        "gpu: 3 | gpu has no members. Give it a limit at least",
        "[gpu] | holds no profiles by their names. Write, for example, gpu: {",
        "'' | holds no profile. Write one, for example gpu: {",
        "sweep-runner: {scale: {profiles: {}}} | holds no profile. Write one",
        "'gpu: {limit: 1}\n\ngpu: {limit: 2}' | cannot be read: ",
        "'a: [' | cannot be read: ",
      })
  void a_mistake_names_file_key_and_way_out(String text, String told) throws IOException {
    Path file = put(folder.resolve("p.yml"), text);

    assertThatThrownBy(() -> scale("--profiles", file.toString()))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(told);
  }

  @Test
  void a_file_that_is_named_must_be_there_and_rule_alone() {
    assertThatThrownBy(() -> scale("--profiles", "none.yml"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("none.yml: cannot be read");
    assertThatThrownBy(() -> scale("--profiles", "none.yml", "--gpus", "1"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("--gpus: --profiles names a file of profiles");
    assertThatThrownBy(() -> scale("--sbatch", "account=me"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Give options of sbatch");
    assertThatThrownBy(() -> scale("--sbatch", "--a='b"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("--sbatch: default.flags is");
  }

  @Test
  void what_is_wrong_in_such_a_file_stops_no_other_command() throws IOException {
    put(root.resolve("scale.yml"), "gpu: 3");
    Properties packed = Properties.packed();
    Invocation status =
        CommandLine.parse(
            new String[] {"status", "--sweep", "a", "--storage", "root"}, packed.names());

    assertThat(Settings.read(packed, status, Map.of(), Path::of, folder).scale().profiles())
        .isEmpty();
  }
}
