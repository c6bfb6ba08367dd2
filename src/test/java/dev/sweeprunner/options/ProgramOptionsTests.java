package dev.sweeprunner.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.ProgramRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a program is run, by everything that has a say in it. */
class ProgramOptionsTests {
  @TempDir Path folder;

  private Settings settings(Map<String, String> environment, String... options) {
    String[] args = new String[options.length + 2];
    System.arraycopy(options, 0, args, 2, options.length);
    args[0] = "--sweep";
    args[1] = "a.yaml";
    Properties packed = Properties.packed();
    return Settings.read(
        packed, CommandLine.parse(args, packed.names()), environment, Path::of, folder);
  }

  private ProgramRules rules(String... options) {
    return settings(Map.of(), options).program().rules(Map.of());
  }

  /** What a file beside the sweep file says, given as name and value in turn. */
  private static Map<String, Properties.Given> beside(String... words) {
    Map<String, Properties.Given> own = new LinkedHashMap<>();
    for (int i = 0; i < words.length; i += 2) {
      own.put(words[i], new Properties.Given(words[i + 1], "a.runner.yaml:" + (i / 2 + 1)));
    }
    return own;
  }

  @Test
  void nothing_said_is_the_packed_default() {
    ProgramRules rules = rules();

    assertThat(rules.interpreter()).isEqualTo("python");
    assertThat(rules.cwd()).isEmpty();
    assertThat(rules.cwdPerRun()).isFalse();
    assertThat(rules.copy()).isFalse();
    assertThat(rules.folder()).isEqualTo(ProgramRules.Folder.AUTO);
    assertThat(rules.copyLimit()).isEqualTo(20L << 30);
    assertThat(rules.relay()).isTrue();
    assertThat(rules.stopSignal()).isEqualTo("TERM");
    assertThat(rules.grace()).isEqualTo(Duration.ofSeconds(30));
    assertThat(rules.silence()).isEqualTo(Duration.ofMinutes(10));
    assertThat(rules.hang()).isZero();
    assertThat(rules.start()).isEqualTo(Duration.ofSeconds(60));
    assertThat(rules.sweepId()).isEmpty();
    assertThat(rules.keepSlurm()).isFalse();
    assertThat(rules.logLimit()).isEqualTo(16L << 20);
    assertThat(rules.env()).isEmpty();
    assertThat(rules.evidence()).isEqualTo(Map.of("below", "out-dir"));
    assertThat(rules.guard()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "512, 512",
    "512b, 512",
    "500kB, 512000",
    "16MB, 16777216",
    "16 m, 16777216",
    "1GB, 1073741824",
    "999999999g, 1073741822926258176"
  })
  void a_size_has_a_unit_or_is_bytes(String size, long bytes) {
    assertThat(rules("--program.log-limit", size).logLimit()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"much", "-1", "1.5MB", "1TB", "9999999999", "M"})
  void what_is_no_size_is_refused_with_its_place(String size) {
    assertThatThrownBy(() -> rules("--program.log-limit=" + size))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("--program.log-limit")
        .hasMessageContaining("\"" + size + "\"")
        .hasMessageContaining("500kB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0s", "0ms", "0m", "0h"})
  void no_time_means_that_a_silent_program_is_never_ended(String time) {
    assertThat(rules("--program.hang", time).hang()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0x", "5", "-1s", "never"})
  void what_is_no_time_is_refused(String time) {
    assertThatThrownBy(() -> rules("--program.hang=" + time))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("sweep-runner.program.hang is \"" + time + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "term", "SIGTERM", "sigterm"})
  void a_signal_may_be_written_in_any_of_its_forms(String signal) {
    assertThat(rules("--program.stop-signal", signal).stopSignal()).isEqualTo("TERM");
  }

  @Test
  void a_mode_that_is_none_is_refused() {
    assertThat(rules("--program.mode", "copy").copy()).isTrue();
    assertThatThrownBy(() -> rules("--program.mode", "copied"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("shared or copy");
  }

  @Test
  void the_relay_is_turned_off_by_its_option_and_by_a_file() throws IOException {
    assertThat(rules("--relay", "off").relay()).isFalse();
    assertThat(rules("--relay", "auto").relay()).isTrue();
    assertThat(settings(Map.of()).program().rules(beside("relay", "off")).relay()).isFalse();
    assertThatThrownBy(() -> rules("--relay", "on"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("auto")
        .hasMessageContaining("off");

    Files.writeString(
        folder.resolve("application.yml"), "sweep-runner: {program: {relay: off}}"); // a truth
    assertThat(rules().relay()).isFalse();
  }

  @Test
  void a_word_on_where_w_b_is_leaves_the_relay_too() throws IOException {
    ProgramOptions program = settings(Map.of()).program();

    assertThat(program.rules(Map.of()).relayed()).isTrue();
    assertThat(program.rules(beside("relay", "off")).relayed()).isFalse();
    assertThat(program.rules(beside("env.WANDB_MODE", "offline")).relayed()).isFalse();
    assertThat(program.rules(beside("env.WANDB_BASE_URL", "http://w")).relayed()).isFalse();
    assertThat(program.rules(beside("env.WANDB_NAME", "n")).relayed()).isTrue();
  }

  @Test
  void the_environment_says_it_over_the_file_and_the_command_line_over_both() throws IOException {
    Files.writeString(
        folder.resolve("application.yml"),
        "sweep-runner: {program: {grace: 40s, silence: 41s, start: 42s}}");
    Map<String, String> environment =
        Map.of("SWEEP_RUNNER_PROGRAM_GRACE", "50s", "SWEEP_RUNNER_PROGRAM_SILENCE", "51s");

    ProgramRules rules = settings(environment, "--program.grace", "60s").program().rules(Map.of());

    assertThat(rules.grace()).isEqualTo(Duration.ofSeconds(60));
    assertThat(rules.silence()).isEqualTo(Duration.ofSeconds(51));
    assertThat(rules.start()).isEqualTo(Duration.ofSeconds(42));
  }

  @Test
  void the_options_with_a_name_of_their_own_are_read() {
    Settings settings =
        settings(
            Map.of(),
            "--trainer",
            "program",
            "--runs",
            "12",
            "--numbers",
            "--cwd",
            "work",
            "--cwd-per-run");

    ProgramRules rules = settings.program().rules(Map.of());

    assertThat(settings.trainer()).isEqualTo("program");
    assertThat(settings.runs()).hasValue(12);
    assertThat(settings.numbers()).isTrue();
    assertThat(rules.cwd()).isEqualTo("work");
    assertThat(rules.cwdPerRun()).isTrue();
  }

  @Test
  void without_those_options_everything_has_its_default() {
    Settings settings = settings(Map.of());

    assertThat(settings.trainer()).isEqualTo("auto");
    assertThat(settings.runs()).isEmpty();
    assertThat(settings.numbers()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "--trainer=nobody, auto",
    "--trainer=Program, --trainer program",
    "--runs=0, at least 1",
    "--runs=many, at least 1",
    "--cwd=, empty"
  })
  void a_value_that_is_none_is_refused_with_the_way_out(String option, String words) {
    assertThatThrownBy(() -> settings(Map.of(), option))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(option.replaceFirst("=.*", ""))
        .hasMessageContaining(words);
  }

  @Test
  void a_trainer_may_be_set_for_all_invocations() throws IOException {
    Files.writeString(folder.resolve("application.yml"), "sweep-runner: {trainer: builtin}");

    assertThat(settings(Map.of()).trainer()).isEqualTo("builtin");
    assertThat(settings(Map.of("SWEEP_RUNNER_TRAINER", "program")).trainer()).isEqualTo("program");
  }

  @Test
  void a_variable_for_the_program_may_be_given_on_the_command_line() {
    Settings settings =
        settings(Map.of(), "--program.env.FOO", "x", "--sweep-runner.program.env.Bar=y z=1");

    assertThat(settings.program().rules(Map.of()).env())
        .isEqualTo(Map.of("FOO", "x", "Bar", "y z=1"));
  }

  @Test
  void variables_for_the_program_come_from_every_place_and_the_nearer_one_counts()
      throws IOException {
    Files.writeString(
        folder.resolve("application.yml"),
        "sweep-runner: {program: {env: {A: file, B: file, N: 3, NOTHING: ''}}}");

    Map<String, String> env =
        settings(Map.of(), "--program.env.B", "line")
            .program()
            .rules(beside("env.C", "beside", "env.A", "beside"))
            .env();

    assertThat(env)
        .isEqualTo(Map.of("A", "beside", "B", "line", "C", "beside", "N", "3", "NOTHING", ""));
  }

  @Test
  void an_empty_heading_of_variables_is_none() throws IOException {
    Files.writeString(folder.resolve("application.yml"), "sweep-runner: {program: {env: }}");

    assertThat(rules().env()).isEmpty();
  }

  @Test
  void the_file_beside_the_sweep_says_it_over_everything_for_that_sweep_alone() {
    ProgramOptions options =
        settings(Map.of("SWEEP_RUNNER_PROGRAM_SILENCE", "51s"), "--program.grace", "60s").program();

    ProgramRules own =
        options.rules(beside("grace", "1s", "silence", "2s", "cwd-per-run", "true", "hang", "3s"));
    ProgramRules others = options.rules(Map.of());

    assertThat(own.grace()).isEqualTo(Duration.ofSeconds(1));
    assertThat(own.silence()).isEqualTo(Duration.ofSeconds(2));
    assertThat(own.hang()).isEqualTo(Duration.ofSeconds(3));
    assertThat(own.cwdPerRun()).isTrue();
    assertThat(others.grace()).isEqualTo(Duration.ofSeconds(60));
    assertThat(others.silence()).isEqualTo(Duration.ofSeconds(51));
    assertThat(others.cwdPerRun()).isFalse();
  }

  @Test
  void what_is_said_of_evidence_is_handed_on_by_name_and_nothing_else_is() {
    ProgramRules rules =
        settings(Map.of(), "--program.metrics.file", "log.jsonl", "--program.env.X", "1")
            .program()
            .rules(beside("checkpoint.pattern", "ckpt-{iter}.pt", "finished.step", "total"));

    assertThat(rules.evidence())
        .isEqualTo(
            Map.of(
                "below", "out-dir",
                "metrics.file", "log.jsonl",
                "checkpoint.pattern", "ckpt-{iter}.pt",
                "finished.step", "total"));
  }

  @ParameterizedTest
  @CsvSource({
    "gracce, grace",
    "metric.file, metrics.file",
    "checkpoint.patern, checkpoint.pattern"
  })
  void a_name_that_there_is_not_is_refused_with_its_place_and_the_nearest(
      String name, String nearest) {
    ProgramOptions options = settings(Map.of()).program();

    assertThatThrownBy(() -> options.rules(beside("grace", "1s", name, "x")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("a.runner.yaml:2")
        .hasMessageContaining("program." + name)
        .hasMessageContaining("Did you mean")
        .hasMessageContaining(nearest);
  }

  @Test
  void a_bad_value_beside_the_sweep_is_refused_with_its_place() {
    ProgramOptions options = settings(Map.of()).program();

    assertThatThrownBy(() -> options.rules(beside("cwd", "x", "grace", "soon")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("a.runner.yaml:2")
        .hasMessageContaining("\"soon\"");
  }

  @Test
  void workers_that_scale_submits_get_the_programs_options_too() {
    Properties packed = Properties.packed();

    Invocation invocation =
        CommandLine.parse(
            new String[] {
              "scale",
              "--sweep",
              "a.yaml",
              "--trainer",
              "program",
              "--runs",
              "5",
              "--numbers",
              "--cwd=w",
              "--cwd-per-run",
              "--program.env.FOO",
              "x"
            },
            packed.names());

    assertThat(invocation.forWorkers())
        .containsExactly(
            "--trainer",
            "program",
            "--runs",
            "5",
            "--numbers",
            "--cwd=w",
            "--cwd-per-run",
            "--program.env.FOO",
            "x");
  }
}
