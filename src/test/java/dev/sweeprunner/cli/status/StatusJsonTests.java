package dev.sweeprunner.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.Scheduler.View;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.testkit.Captured;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Situations;
import dev.sweeprunner.testkit.ToldWorkers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StatusJsonTests {
  @TempDir Path folder;

  private static JsonNode json(List<SweepStatus> sweeps) {
    Captured printed = new Captured();
    new StatusJson().print(sweeps, printed.out());
    return JsonMapper.shared().readTree(printed.text());
  }

  @Test
  void the_field_names_are_an_api() {
    JsonNode first = json(List.of(Views.midway(Views.grid(folder)))).get(0);

    assertThat(first.propertyNames())
        .containsExactly(
            "index",
            "run_id",
            "state",
            "reason",
            "overrides",
            "sweep",
            "group",
            "cluster",
            "worker",
            "slurm_job",
            "epoch",
            "attempts",
            "iter",
            "max_iters",
            "metrics",
            "wandb_state",
            "out_dir",
            "source",
            "age_s",
            "way_out",
            "duplicate_of",
            "host",
            "checkpoint_iter",
            "tokens_per_second",
            "eta_s",
            "device",
            "mfu",
            "device_memory_gib",
            "slurm_state",
            "slurm_reason",
            "slurm_restarts",
            "slurm_time_left_seconds",
            "storage_root",
            "storage_root_exists");
  }

  /** State, reason, restarts and time left, as written. */
  private static String slurm(JsonNode run) {
    return Stream.of("slurm_state", "slurm_reason", "slurm_restarts", "slurm_time_left_seconds")
        .map(field -> run.get(field).toString())
        .collect(Collectors.joining(" "));
  }

  @Test
  void what_slurm_says_is_told_and_nothing_else() {
    Views views = new Views();

    JsonNode runs = json(List.of(views.look(views.inSlurm(folder))));

    assertThat(slurm(runs.get(0))).isEqualTo("\"RUNNING\" null 2 11520");
    assertThat(slurm(runs.get(1))).isEqualTo("\"PENDING\" \"BeginTime\" 1 null");
    assertThat(slurm(runs.get(2))).isEqualTo("\"FAILED\" \"NonZeroExitCode\" 0 null");
    for (int unlisted : new int[] {3, 4, 5}) {
      assertThat(slurm(runs.get(unlisted))).isEqualTo("null null null null");
      assertThat(runs.get(unlisted).get("slurm_job").asString()).isEqualTo("123_" + unlisted);
    }
  }

  @Test
  void slurm_decides_what_became_of_a_silent_owner() {
    Views views = new Views();

    JsonNode runs = json(List.of(views.look(views.inSlurm(folder))));

    assertThat(runs.get(1).get("state").asString()).isEqualTo("preempted");
    assertThat(runs.get(1).get("reason").asString())
        .isEqualTo("Slurm task 123_1 comes back for it (PENDING, BeginTime) (for another 4 min)");
    assertThat(runs.get(1).get("source").asString()).isEqualTo("squeue");
    assertThat(runs.get(2).get("state").asString()).isEqualTo("stale");
    assertThat(runs.get(2).get("reason").asString())
        .isEqualTo("w2 on node7 is gone: Slurm job 123_2 is FAILED; no checkpoint yet");
    assertThat(runs.get(3).get("state").asString()).isEqualTo("training");
    assertThat(runs.get(4).get("reason").asString())
        .isEqualTo(
            "w4 on node7 is gone: Slurm job 123_4 is not known to Slurm any more;"
                + " no checkpoint yet");
  }

  @Test
  void an_id_of_another_config_has_no_job() {
    Views views = new Views();
    Points points = views.inSlurm(folder);
    views.claims.tell(points.key(0), Situations.training(points.at(1), 100));
    views.scheduler.tell(
        "123_4", new View.Present(new Scheduler.Job("123_4", "RUNNING", "", 0, null)));

    JsonNode run = json(List.of(views.look(points))).get(0);

    assertThat(run.get("state").asString()).isEqualTo("invalid");
    assertThat(slurm(run)).isEqualTo("null null null null");
  }

  @Test
  void a_run_in_training_is_told_whole() {
    Points points = Views.grid(folder);

    JsonNode run = json(List.of(Views.midway(points))).get(1);

    assertThat(run.get("index").asInt()).isEqualTo(1);
    assertThat(run.get("run_id").asString()).isEqualTo(points.runId(1));
    assertThat(run.get("state").asString()).isEqualTo("training");
    assertThat(run.get("reason").asString()).isEqualTo("w1 on node7: beat changed 4 s ago");
    assertThat(run.get("overrides").toString())
        .isEqualTo(
            "{\"model.n_embd\":8,\"experiment.translation_ratio\":1.0,\"training.seed\":64}");
    assertThat(run.get("sweep").asString()).isEqualTo(folder.resolve("sweep.yaml").toString());
    assertThat(run.get("group").asString()).isEqualTo(points.groupSlug());
    assertThat(run.get("cluster").asString()).isEqualTo("local");
    assertThat(run.get("worker").asString()).isEqualTo("w1");
    assertThat(run.get("slurm_job").asString()).isEqualTo("123_4");
    assertThat(run.get("epoch").asInt()).isEqualTo(1);
    assertThat(run.get("attempts").asInt()).isEqualTo(1);
    assertThat(run.get("iter").asInt()).isEqualTo(100);
    assertThat(run.get("max_iters").asInt()).isEqualTo(400);
    assertThat(run.get("metrics").toString()).isEqualTo("{\"train/loss\":1.25,\"lr\":0.006}");
    assertThat(run.get("wandb_state").isNull()).isTrue();
    assertThat(run.get("out_dir").asString()).isEqualTo("out/" + points.key(1).folder());
    assertThat(run.get("tokens_per_second").asDouble()).isEqualTo(640);
    assertThat(run.get("eta_s").asDouble()).isEqualTo(300 * 64 / 640.0);
    assertThat(run.get("mfu").asDouble()).isEqualTo(41.5);
    assertThat(run.get("device_memory_gib").asDouble()).isEqualTo(9.5);
  }

  @Test
  void what_nobody_claimed_has_nulls_and_zeros() {
    JsonNode run = json(List.of(Views.midway(Views.grid(folder)))).get(0);

    for (String field : List.of("cluster", "worker", "slurm_job", "epoch", "host", "eta_s")) {
      assertThat(run.get(field).isNull()).as(field).isTrue();
    }
    assertThat(run.get("attempts").asInt()).isZero();
    assertThat(run.get("iter").asInt()).isZero();
    assertThat(run.get("metrics").size()).isZero();
  }

  @Test
  void a_doubled_point_is_a_row_of_its_own_with_the_same_id() {
    Points points = Views.grid(folder, 400, "[8, 8]");

    JsonNode runs = json(List.of(unclaimed(points)));

    assertThat(runs.size()).isEqualTo(4);
    assertThat(runs.get(2).get("run_id")).isEqualTo(runs.get(0).get("run_id"));
    assertThat(runs.get(2).get("duplicate_of").asInt()).isZero();
    assertThat(runs.get(0).get("duplicate_of").isNull()).isTrue();
  }

  @Test
  void every_kind_of_override_keeps_its_form() {
    Points points =
        Grids.of(
            folder,
            "",
            """
            method: grid
            name: forms
            project: test
            parameters:
              training.max_iters: {values: [1000000.0, 100]}
              optimizer.learning_rate: {values: [0.00002]}
              logging.wandb_notes: {values: ["a \\"b\\", \\u00e4", null]}
              model.bias: {values: [true]}
            """);

    JsonNode runs = json(List.of(unclaimed(points)));

    assertThat(runs.get(0).get("overrides").toString())
        .isEqualTo(
            "{\"training.max_iters\":1000000.0,\"optimizer.learning_rate\":2.0E-5,"
                + "\"logging.wandb_notes\":\"a \\\"b\\\", \u00e4\",\"model.bias\":true}");
    assertThat(runs.get(1).get("overrides").get("logging.wandb_notes").isNull()).isTrue();
  }

  @Test
  void numbers_that_json_lacks_are_strings() {
    Points points = Views.grid(folder);
    PointStatus lost =
        Situations.pointStatus(
            points.at(0),
            Situations.training(points.at(0), 3),
            Situations.row(3, "train/loss", Double.NaN));

    JsonNode run = json(List.of(Views.status(points, List.of(lost), new ToldWorkers()))).get(0);

    assertThat(run.get("metrics").get("train/loss").asString()).isEqualTo("NaN");
  }

  @Test
  void several_sweeps_make_one_array_and_no_sweep_an_empty_one() {
    Points points = Views.grid(folder);

    assertThat(json(List.of(unclaimed(points), unclaimed(points))).size()).isEqualTo(8);
    assertThat(json(List.of()).size()).isZero();
  }

  private static SweepStatus unclaimed(Points points) {
    List<PointStatus> statuses = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      statuses.add(Situations.pointStatus(points.at(i), new ClaimState.Unclaimed()));
    }
    return Views.status(points, statuses, new ToldWorkers());
  }

  @Test
  void what_a_terminal_would_obey_is_escaped_and_reads_as_it_was() {
    String hostile = "a\u001B[2J\u009B31m\u202Etxt\u007F\u00E9\uD83D\uDE00";
    Points points = Views.grid(folder);
    PointStatus poisoned =
        Situations.pointStatus(points.at(0), Situations.poisoned(points.at(0), hostile));
    Captured printed = new Captured();

    new StatusJson()
        .print(List.of(Views.status(points, List.of(poisoned), new ToldWorkers())), printed.out());

    assertThat(printed.text())
        .contains("\\u009b31m", "\\u202etxt", "\u00E9\uD83D\uDE00")
        .doesNotContain("\u001B", "\u009B", "\u202E", "\u007F");
    assertThat(JsonMapper.shared().readTree(printed.text()).get(0).path("reason").stringValue())
        .isEqualTo(hostile);
  }
}
