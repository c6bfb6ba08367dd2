package dev.sweeprunner.program.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.program.launch.LaunchOrder.Call;
import dev.sweeprunner.program.launch.LaunchOrder.Names;
import dev.sweeprunner.program.launch.LaunchOrder.Place;
import dev.sweeprunner.program.launch.LaunchOrder.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchTests {
  private static final Map<String, String> NOTHING = Map.of();

  @TempDir Path root;

  @Test
  void the_environment_is_the_users_own_with_what_is_set_here() throws IOException {
    Launch.Start start = start(around(Map.of("HOME", "/home/u", "CUDA_VISIBLE_DEVICES", "3")));

    assertThat(start.environment())
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("HOME", "/home/u"),
                Map.entry("CUDA_VISIBLE_DEVICES", "3"),
                Map.entry("PYTHONUNBUFFERED", "1"),
                Map.entry("WANDB_RUN_ID", "r-1"),
                Map.entry("WANDB_PROJECT", "p"),
                Map.entry("WANDB_DIR", root.toString()),
                Map.entry("WANDB_SWEEP_PARAM_PATH", root + "/parameters/config-r-1.yaml"),
                Map.entry("WANDB_RESUME", "allow"),
                Map.entry("WANDB_RUN_GROUP", "g"),
                Map.entry("WANDB_NAME", "lr 0.1"),
                Map.entry("RUN_ID", "r-1"),
                Map.entry("OUT_DIR", root + "/out"),
                Map.entry("SWEEP_RUNNER_RUN_ID", "r-1"),
                Map.entry("SWEEP_RUNNER_EPOCH", "3"),
                Map.entry("SWEEP_RUNNER_OUT_DIR", root + "/out"),
                Map.entry("SWEEP_RUNNER_PARAMS", root + "/parameters/config-r-1.json"),
                Map.entry("SWEEP_RUNNER_METRICS", root + "/metrics.jsonl"),
                Map.entry("SWEEP_RUNNER_CLAIM", "token")));
    assertThat(start.folder()).isEqualTo(root);
    assertThat(start.notes()).isEmpty();
  }

  @Test
  void what_the_user_set_stays() throws IOException {
    Map<String, String> own =
        Map.of("PYTHONUNBUFFERED", "0", "WANDB_DIR", "w", "WANDB_ENTITY", "e");

    assertThat(start(around(own)).environment()).containsAllEntriesOf(own);
  }

  @Test
  void a_sweep_id_from_outside_is_taken_away_and_said() throws IOException {
    Map<String, String> own = Map.of("WANDB_SWEEP_ID", "abc", "WANDB_SERVICE", "2-1-tcp-x-1");

    Launch.Start start = start(around(own));

    assertThat(start.environment()).doesNotContainKeys("WANDB_SWEEP_ID", "WANDB_SERVICE");
    assertThat(start.notes())
        .containsExactly(
            "WANDB_SWEEP_ID=abc of the environment is not passed on: these runs belong to no sweep"
                + " of the server.");
  }

  @Test
  void a_local_sweep_id_and_the_mode_are_set_where_asked_for() throws IOException {
    Launch.Start start =
        start(
            new Surroundings(
                Map.of("WANDB_SWEEP_ID", "abc"),
                Optional.of("offline"),
                Optional.of("local"),
                false,
                NOTHING,
                NOTHING));

    assertThat(start.environment())
        .containsEntry("WANDB_SWEEP_ID", "local")
        .containsEntry("WANDB_MODE", "offline");
    assertThat(start.notes()).isEmpty();
  }

  @Test
  void variables_of_the_user_win_over_all_but_the_claims_own() throws IOException {
    Map<String, String> extra =
        Map.of("WANDB_RESUME", "never", "A", "b", "SWEEP_RUNNER_CLAIM", "x", "OUT_DIR", "/o");

    Map<String, String> environment =
        start(new Surroundings(NOTHING, Optional.empty(), Optional.empty(), false, extra, NOTHING))
            .environment();

    assertThat(environment)
        .containsEntry("WANDB_RESUME", "never")
        .containsEntry("A", "b")
        .containsEntry("OUT_DIR", "/o")
        .containsEntry("SWEEP_RUNNER_CLAIM", "token");
  }

  @Test
  void the_relay_wins_over_every_other_way_to_wandb() throws IOException {
    Map<String, String> own =
        Map.of(
            "WANDB_API_KEY", "the real one",
            "WANDB_IDENTITY_TOKEN_FILE", "/f",
            "WANDB_HTTPS_PROXY", "http://proxy",
            "WANDB_HTTP_PROXY", "http://proxy",
            "WANDB_X_EXTRA_HTTP_HEADERS", "{}",
            "NO_PROXY", "a.b");
    Map<String, String> relay =
        Map.of("WANDB_BASE_URL", "http://127.0.0.1:1", "WANDB_API_KEY", "token");

    Map<String, String> environment =
        start(
                new Surroundings(
                    own,
                    Optional.of("offline"),
                    Optional.empty(),
                    false,
                    Map.of("WANDB_API_KEY", "another"),
                    relay))
            .environment();

    assertThat(environment)
        .containsAllEntriesOf(relay)
        .containsEntry("NO_PROXY", "a.b,127.0.0.1")
        .containsEntry("no_proxy", "a.b,127.0.0.1")
        .doesNotContainKeys(
            "WANDB_IDENTITY_TOKEN_FILE",
            "WANDB_HTTPS_PROXY",
            "WANDB_HTTP_PROXY",
            "WANDB_X_EXTRA_HTTP_HEADERS")
        .doesNotContainValue("the real one");
  }

  @Test
  void in_a_slurm_job_the_program_is_one_process_of_its_own() throws IOException {
    Map<String, String> job =
        Map.of(
            "SLURM_JOB_ID", "77",
            "SLURM_JOB_NAME", "sweep",
            "SLURM_NTASKS", "8",
            "SLURM_PROCID", "3",
            "SLURM_ARRAY_TASK_ID", "5");

    Launch.Start start = start(around(job));

    assertThat(start.environment())
        .containsEntry("SLURM_JOB_ID", "77")
        .containsEntry("SLURM_JOB_NAME", "bash")
        .containsEntry("SLURM_NTASKS", "1")
        .containsEntry("SLURM_PROCID", "0")
        .containsEntry("SLURM_ARRAY_TASK_ID", "5")
        .doesNotContainKeys("SLURM_LOCALID", "SLURM_NPROCS", "SLURM_NODEID");
    assertThat(start.notes()).singleElement().asString().contains("program.keep-slurm");
  }

  @Test
  void slurms_variables_are_kept_where_asked_for() throws IOException {
    Map<String, String> job = Map.of("SLURM_JOB_ID", "77", "SLURM_NTASKS", "8");

    Launch.Start start =
        start(new Surroundings(job, Optional.empty(), Optional.empty(), true, NOTHING, NOTHING));

    assertThat(start.environment()).containsAllEntriesOf(job).doesNotContainKey("SLURM_JOB_NAME");
    assertThat(start.notes()).isEmpty();
  }

  @Test
  void a_command_may_name_the_runs_own_variables() throws IOException {
    Launch.Start start = start(call("t.py", List.of("${program}", "--out=${envvar:OUT_DIR}")));

    assertThat(start.argv()).containsExactly("t.py", "--out=" + root + "/out");
  }

  @Test
  void words_that_vanish_or_stay_against_expectation_are_said() throws IOException {
    Launch.Start start =
        start(call("t.py", List.of("${program}", "${nonsense}", "--c=${args_json}")));

    assertThat(start.argv()).containsExactly("t.py", "--c=${args_json}");
    assertThat(start.notes())
        .containsExactly(
            "${nonsense} in the command is no macro: as by wandb agent, the word is left out.",
            "${args_json} is part of a longer word of the command: as by wandb agent, it is passed"
                + " on as it stands there.");
  }

  @Test
  void the_interpreter_is_a_choice() throws IOException {
    Launch.Start start = start(new Call("t.py", null, "python3.12"));

    assertThat(start.argv()).containsExactly("/usr/bin/env", "python3.12", "t.py", "--lr=0.1");
  }

  @Test
  void a_command_without_a_program_needs_none() throws IOException {
    assertThat(start(call(null, List.of("make", "${args_no_hyphens}"))).argv())
        .containsExactly("make", "lr=0.1");
    assertThatThrownBy(() -> start(call(null, null)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("names no program");
    assertThatThrownBy(() -> start(call("t.py", List.of("${nonsense}"))))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Nothing is left");
  }

  @Test
  void parameter_files_are_written_where_they_are_missing_or_different() throws IOException {
    Path yaml = root.resolve("parameters/config-r-1.yaml");
    Path json = root.resolve("parameters/config-r-1.json");
    start(call("t.py", null));
    assertThat(yaml).hasContent("wandb_version: 1\n\nlr:\n  value: 0.1\n");
    assertThat(json).hasContent("{\"lr\": 0.1}");
    Object first = Files.readAttributes(yaml, "unix:ino").get("ino");

    Files.writeString(json, "{\"lr\":");
    start(call("t.py", null));

    assertThat(json).hasContent("{\"lr\": 0.1}");
    assertThat(Files.readAttributes(yaml, "unix:ino").get("ino")).isEqualTo(first);
  }

  private Launch.Start start(Surroundings around) throws IOException {
    return start(new Call("t.py", null, "python"), around);
  }

  private Launch.Start start(Call call) throws IOException {
    return start(call, around(NOTHING));
  }

  private Launch.Start start(Call call, Surroundings around) throws IOException {
    FileSystem files = new LocalFiles();
    Names names = new Names("r-1", "p", null, "g", "lr 0.1");
    Place place =
        new Place(
            3,
            "token",
            root,
            root.resolve("out"),
            root.resolve("parameters"),
            root.resolve("metrics.jsonl"));
    return new Launch(files).start(new LaunchOrder(Map.of("lr", 0.1), call, names, place, around));
  }

  private static Call call(@Nullable String program, @Nullable List<String> command) {
    return new Call(program, command, "python");
  }

  private static Surroundings around(Map<String, String> environment) {
    return new Surroundings(
        environment, Optional.empty(), Optional.empty(), false, NOTHING, NOTHING);
  }
}
