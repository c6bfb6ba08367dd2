package dev.sweeprunner.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.options.Invocation.Command;
import dev.sweeprunner.problem.UserError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTests {
  private static final Set<String> KNOWN =
      Set.of(
          "claim.expiry",
          "checkpoint.every-iterations",
          "storage-root",
          "cluster",
          "worker",
          "device",
          "web.port",
          "wandb.mode");

  private static Invocation parse(String line) {
    return CommandLine.parse(line.isEmpty() ? new String[0] : line.split(" "), KNOWN);
  }

  @ParameterizedTest
  @CsvSource({
    "--sweep a.yaml, RUN",
    "run --sweep a.yaml, RUN",
    "--sweep a.yaml --status, STATUS",
    "run --sweep a.yaml --status, STATUS",
    "status --sweep=a.yaml, STATUS",
    "plan --sweep a.yaml, PLAN",
    "plan a.yaml b.yaml, PLAN",
    "plan a.yaml b.yaml --format json, PLAN",
    "explain 9f3c21aa, EXPLAIN",
    "audit, AUDIT",
    "audit --sweep a.yaml --sweep b.yaml --quick --format json, AUDIT",
    "--sweep a.yaml reset 9f3c21aa 11aa22bb, RESET",
    "shell, SHELL",
    "wandb-check, WANDB_CHECK",
    "wandb-check --entity acme, WANDB_CHECK",
    "wandb-check --sweep a.yaml, WANDB_CHECK",
    "scale --sweep a.yaml --submit --watch=2, SCALE",
    "help, HELP",
    "--help, HELP",
    "-h, HELP",
    "status --help, HELP",
    "version, VERSION",
    "--version, VERSION",
    "--sweep a.yaml --cluster c --wandb-buffer --no-web --status, STATUS",
  })
  void the_first_word_is_the_command(String line, Command command) {
    assertThat(parse(line).command()).isEqualTo(command);
  }

  @Test
  void values_follow_a_blank_or_an_equals_sign() {
    Invocation blank = parse("--sweep a.yaml --cluster c1 --max-runs 3 --port 8080");
    Invocation equals = parse("--sweep=a.yaml --cluster=c1 --max-runs=3 --port=8080");

    for (Invocation invocation : new Invocation[] {blank, equals}) {
      assertThat(invocation.sweeps()).containsExactly(Path.of("a.yaml"));
      assertThat(invocation.text(Option.CLUSTER)).contains("c1");
      assertThat(invocation.maxRuns()).hasValue(3);
      assertThat(invocation.text(Option.PORT)).contains("8080");
    }
  }

  @Test
  void a_value_may_contain_an_equals_sign() {
    assertThat(parse("--sweep=a=b.yaml").sweeps()).containsExactly(Path.of("a=b.yaml"));
  }

  @Test
  void sweeps_add_up_and_the_same_said_twice_is_as_good_as_once() {
    Invocation invocation = parse("--sweep a.yaml --cluster x --sweep b.yaml --cluster=x");

    assertThat(invocation.sweeps()).containsExactly(Path.of("a.yaml"), Path.of("b.yaml"));
    assertThat(invocation.text(Option.CLUSTER)).contains("x");
    assertThat(invocation.forWorkers()).containsExactly("--cluster=x");
  }

  @Test
  void plan_of_two_files_compares_the_second_with_the_first() {
    Invocation invocation = parse("plan old.yaml new.yaml");

    assertThat(invocation.compares()).isTrue();
    assertThat(invocation.sweeps()).containsExactly(Path.of("old.yaml"), Path.of("new.yaml"));
    assertThat(parse("plan --sweep a.yaml --sweep b.yaml").compares()).isFalse();
  }

  @Test
  void without_options_everything_has_its_default() {
    Invocation plain = parse("--sweep a.yaml");

    assertThat(plain.properties()).isEmpty();
    assertThat(plain.format()).isEqualTo(OutputFormat.TABLE);
    assertThat(plain.watch()).isEmpty();
    assertThat(plain.maxRuns()).isEmpty();
    assertThat(plain.has(Option.NO_WEB)).isFalse();
    assertThat(plain.has(Option.NO_ADOPT)).isFalse();
    assertThat(plain.has(Option.WANDB_BUFFER)).isFalse();
    assertThat(plain.has(Option.ALLOW_BEHIND)).isFalse();
    assertThat(plain.has(Option.EXIT_WHEN_IDLE)).isFalse();
    assertThat(plain.has(Option.AFRESH)).isFalse();
    assertThat(plain.has(Option.DEBUG)).isFalse();
    assertThat(plain.has(Option.REFRESH)).isFalse();
  }

  @Test
  void flags_are_seen() {
    Invocation all =
        parse(
            "--sweep a.yaml --no-web --no-adopt --wandb-buffer --allow-behind --exit-when-idle"
                + " --afresh --debug --refresh --wandb offline --entity e --wandb-down open");

    assertThat(all.has(Option.NO_WEB)).isTrue();
    assertThat(all.has(Option.NO_ADOPT)).isTrue();
    assertThat(all.has(Option.WANDB_BUFFER)).isTrue();
    assertThat(all.has(Option.ALLOW_BEHIND)).isTrue();
    assertThat(all.has(Option.EXIT_WHEN_IDLE)).isTrue();
    assertThat(all.has(Option.AFRESH)).isTrue();
    assertThat(all.has(Option.DEBUG)).isTrue();
    assertThat(all.has(Option.REFRESH)).isTrue();
    assertThat(all.text(Option.WANDB)).contains("offline");
    assertThat(all.text(Option.ENTITY)).contains("e");
    assertThat(all.text(Option.WANDB_DOWN)).contains("open");
  }

  @ParameterizedTest
  @CsvSource({
    "help, ''",
    "--help, ''",
    "--sweep a.yaml -h, ''",
    "help status, STATUS",
    "status --help, STATUS",
    "--help explain, EXPLAIN",
    "--sweep a.yaml --status --help, STATUS",
    "run --sweep a.yaml -h, RUN",
    "help sweep, SWEEP",
    "reset 9f3c21aa --help, RESET",
  })
  void help_tells_of_the_command_that_is_named(String line, String topic) {
    Invocation invocation = parse(line);

    assertThat(invocation.command()).isEqualTo(Command.HELP);
    assertThat(invocation.topic().map(Command::name).orElse("")).isEqualTo(topic);
  }

  @Test
  void any_known_property_is_an_option() {
    Invocation invocation =
        parse("--sweep a.yaml --claim.expiry 5m --sweep-runner.checkpoint.every-iterations=7");

    assertThat(invocation.properties())
        .isEqualTo(Map.of("claim.expiry", "5m", "checkpoint.every-iterations", "7"));
  }

  @Test
  void an_option_and_its_property_are_the_same() {
    Invocation option = parse("--sweep a.yaml --storage /data --device cpu");
    Invocation property = parse("--sweep a.yaml --storage-root /data --sweep-runner.device cpu");

    for (Invocation invocation : new Invocation[] {option, property}) {
      assertThat(invocation.text(Option.STORAGE)).contains("/data");
      assertThat(invocation.text(Option.DEVICE)).contains("cpu");
      assertThat(invocation.properties())
          .isEqualTo(Map.of("storage-root", "/data", "device", "cpu"));
    }
  }

  @Test
  void properties_hold_only_what_is_known() {
    Invocation invocation = parse("--sweep a.yaml --entity e");

    assertThat(invocation.properties()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "--watch, 5000",
    "--watch=2, 2000",
    "--watch=500ms, 500",
    "--watch=1m, 60000",
  })
  void watch_takes_seconds_behind_an_equals_sign(String option, long millis) {
    assertThat(parse("status --sweep a.yaml " + option).watch())
        .contains(Duration.ofMillis(millis));
  }

  @Test
  void scale_looks_once_a_minute() {
    assertThat(parse("scale --sweep a.yaml --watch").watch()).contains(Duration.ofSeconds(60));
    assertThat(parse("scale --sweep a.yaml --watch=2").watch()).contains(Duration.ofSeconds(2));
    assertThat(parse("scale --sweep a.yaml").has(Option.SUBMIT)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"--exit-when-idle, 0", "--exit-when-idle=10m, 600", "--exit-when-idle=90s, 90"})
  void an_idle_worker_leaves_at_once_or_after_a_time(String option, long seconds) {
    assertThat(parse("run --sweep a.yaml " + option).exitWhenIdle())
        .contains(Duration.ofSeconds(seconds));
    assertThat(parse("scale --sweep a.yaml " + option).forWorkers()).containsExactly(option);
    assertThat(parse("run --sweep a.yaml").exitWhenIdle()).isEmpty();
  }

  @Test
  void scale_hands_on_what_workers_need_as_it_was_written() {
    Invocation invocation =
        parse(
            "scale --sweep a.yaml --cluster=x --submit --claim.expiry 5m --refresh --watch=3"
                + " --sweep=b.yaml --storage-root /d --exit-when-idle --no-adopt");

    assertThat(invocation.forWorkers())
        .containsExactly(
            "--cluster=x",
            "--claim.expiry",
            "5m",
            "--storage-root",
            "/d",
            "--exit-when-idle",
            "--no-adopt");
  }

  @Test
  void a_run_folder_names_its_run() {
    assertThat(parse("explain 9F3C21AA_s64/").runIds()).containsExactly("9f3c21aa");
    assertThat(parse("explain 9f3c21aa_s-1").runIds()).containsExactly("9f3c21aa");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--sweep a.yaml --exit-when-idle=10 | --exit-when-idle | for example --exit-when-idle=10m",
        "--sweep a.yaml --exit-when-idle=0m | --exit-when-idle | its value is \"0m\"",
        "--sweep a.yaml --fromat json | --fromat | Did you mean --format?",
        "--sweep a.yaml --claim.expirey 5m | --claim.expirey | Did you mean --claim.expiry?",
        "--sweep a.yaml -x | -x | See --help",
        "statsu --sweep a.yaml | statsu | Did you mean status?",
        "sweeps/a.yaml | sweeps/a.yaml | To run this sweep write --sweep sweeps/a.yaml",
        "--format xml --status --sweep a.yaml | --format | not one of table, json, csv",
        "--sweep a.yaml --wandb onlin | --wandb | Write --wandb online",
        "--sweep a.yaml --wandb.mode onlin | --wandb.mode | Write --wandb.mode online",
        "--sweep a.yaml --wandb-down ajar | --wandb-down | closed, home, open",
        "--sweep a.yaml --device gpu | --device | auto, cpu, cuda or cuda:N",
        "--sweep a.yaml --max-runs 0 | --max-runs | at least 1",
        "--sweep a.yaml --max-runs many | --max-runs | at least 1",
        "--sweep a.yaml --port 65536 | --port | from 0 to 65535",
        "--sweep a.yaml --no-web --port 1 | --port | Drop one",
        "--sweep | --sweep | its value is missing",
        "--sweep --status | --sweep | its value is missing",
        "--sweep= | --sweep | its value is empty",
        "--sweep a.yaml --wandb-buffer=yes | --wandb-buffer | takes no value",
        "run | run | Write --sweep PATH.yaml",
        "'' | run | Write --sweep PATH.yaml",
        "status | status | Write status --sweep PATH.yaml",
        "explain | explain | the run id is missing",
        "explain 9f3c21aa 11aa22bb | explain | one at a time",
        "reset xyz | xyz | eight characters",
        "wandb-chek | wandb-chek | Did you mean wandb-check?",
        "wandb-check a.yaml | a.yaml | wandb-check takes no further words",
        "plan --status --sweep a.yaml | plan | two commands",
        "--sweep a.yaml b.yaml | b.yaml | To run this sweep write --sweep b.yaml",
        "status b.yaml --sweep a.yaml | b.yaml | Write --sweep b.yaml",
        "--sweep a.yaml --format json | --format | it belongs to status",
        "--sweep a.yaml --watch | --watch | it belongs to status",
        "status --sweep a.yaml --quick | --quick | Write audit, or drop it",
        "plan a.yaml b.yaml c.yaml | plan | Write plan OLD.yaml NEW.yaml",
        "plan a.yaml b.yaml --sweep c.yaml | plan | it compares two sweep files",
        "plan a.yaml | a.yaml | Write --sweep a.yaml",
        "plan --sweep a.yaml --format json | --format | Drop it",
        "plan a.yaml b.yaml --format csv | --format | Choose one of them",
        "status --sweep a.yaml --watch --format json | --watch | Drop --format or --watch",
        "scale | scale | Write scale --sweep PATH.yaml",
        "--sweep a.yaml --submit | --submit | it belongs to scale",
        "scale --sweep a.yaml --format csv | --format | Write --format json, or drop it",
        "scale --sweep a.yaml --watch --format json | --watch | Drop --format or --watch",
        "scale --sweep a.yaml --once --watch | --once | Drop one of them",
        "scale --sweep a.yaml --limit 0 | --limit | from 1 to",
        "scale --sweep a.yaml --sbatch | --sbatch | its value is missing",
        "scale --sweep a.yaml --partition | --partition | its value is missing",
        "--sweep a.yaml --once | --once | it belongs to scale",
        "plan a.yaml b.yaml --sweeps-from c | plan | it compares two sweep files",
        "scale --sweep a.yaml --worker w1 | --worker | cannot be the same for all tasks",
        "scale --sweep a.yaml --web.port 80 | --port | cannot be the same for all tasks",
        "scale a.yaml | a.yaml | Write --sweep a.yaml",
        "status --sweep a.yaml --watch=0 | --watch | Give seconds",
        "status --sweep a.yaml --watch 5 | 5 | takes no further words",
        "--sweep a.yaml --cluster a --cluster b | --cluster | twice, as a and as b. Keep one",
        "--sweep a.yaml --storage a --storage-root=b | --storage-root | twice, as a and as b",
        "--sweep a.yaml --claim.expiry 5m --claim.expiry=6m | --claim.expiry | as 5m and as 6m",
        "status --sweep a.yaml --watch --watch=2 | --watch | as nothing and as 2",
        "version now | now | version takes no further words",
        "--version now | now | this command is unknown",
        "help statsu | statsu | Did you mean status?",
        "help status plan | plan | help takes one command",
        "statsu --help | statsu | Did you mean status?",
        "sweep a.yaml | sweep | Write --sweep PATH.yaml, or start a shell",
        "exit | exit | only a shell knows this command",
      })
  void a_mistake_names_its_place_and_the_way_out(String line, String where, String wayOut) {
    assertThatThrownBy(() -> parse(line.strip()))
        .isInstanceOfSatisfying(
            UserError.class, error -> assertThat(error.where()).isEqualTo(where))
        .hasMessageContaining(wayOut);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "cpu", "cuda", "cuda:3"})
  void devices_are_named_like_this(String device) {
    assertThat(parse("--sweep a.yaml --device " + device).text(Option.DEVICE)).contains(device);
  }

  @Test
  void a_short_form_that_two_options_share_goes_by_its_value() {
    Invocation both = parse("status -s a.yaml -s training,not-ours -s held -f json");
    Invocation filters = parse("status -s a.yaml -f n_embd=16 -f name=a=b -f table");

    assertThat(both.sweeps()).containsExactly(Path.of("a.yaml"));
    assertThat(both.texts(Option.STATE)).containsExactly("training,not-ours", "held");
    assertThat(both.format()).isEqualTo(OutputFormat.JSON);
    assertThat(filters.texts(Option.FILTER)).containsExactly("n_embd=16", "name=a=b");
    assertThat(filters.format()).isEqualTo(OutputFormat.TABLE);
    assertThat(parse("status -s ./training").sweeps()).containsExactly(Path.of("./training"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "status --sweep a.yaml --state trainin | --state training",
        "status --sweep a.yaml --filter lr | --filter cluster=local",
        "run --sweep a.yaml --state training | it belongs to status",
        "explain 9f3c21aa --all | it belongs to status and workers",
        "status --sweep a.yaml --color red | not one of auto, always, never",
      })
  void what_chooses_points_is_checked(String line, String said) {
    assertThatThrownBy(() -> parse(line)).hasMessageContaining(said);
  }
}
