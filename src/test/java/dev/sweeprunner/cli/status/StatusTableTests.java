package dev.sweeprunner.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.RemoteState;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.testkit.Captured;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Situations;
import dev.sweeprunner.testkit.ToldWorkers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusTableTests {
  @TempDir Path folder;

  private static Captured table(SweepStatus sweep, int columns) {
    Captured printed = new Captured();
    Screen screen = new Screen(printed.out(), false, false, columns);
    new StatusTable(screen).print(List.of(sweep), printed.out());
    return printed;
  }

  private SweepStatus alone(Point point, Points points, ClaimState claim) {
    return Views.status(points, List.of(Situations.pointStatus(point, claim)), new ToldWorkers());
  }

  @Test
  void a_wide_table_has_a_column_per_swept_key() {
    Points points = Views.grid(folder);

    List<String> lines = table(Views.midway(points), 200).lines();

    assertThat(lines.get(1))
        .isEqualTo(
            "run       n_embd  translation_ratio  seed  cluster  job    state      progress"
                + "    loss  translation_loss   eta");
    assertThat(lines.get(3))
        .isEqualTo(
            points.runId(1)
                + "  8       1.0                64    local    123_4  training    100/400  1.2500"
                + "                 -  30 s");
    assertThat(lines.get(5)).contains("finished").contains("400/400  0.5000").contains("0.00300");
  }

  @Test
  void counts_rate_and_time_left_follow_the_rows() {
    List<String> lines = table(Views.midway(Views.grid(folder)), 200).lines();

    assertThat(lines.get(7))
        .isEqualTo(
            "4 points: 1 finished, 1 unclaimed, 1 training, 1 stale."
                + " 640 tokens/s, about 2 min left");
  }

  @Test
  void states_that_say_nothing_alone_have_a_reason_below() {
    Points points = Views.grid(folder);

    String text = table(Views.midway(points), 200).text();

    assertThat(text)
        .contains(
            "stale "
                + points.runId(2)
                + ": w1 on node7 is gone: pid 42 of this boot is gone; checkpoint 0000080-e1");
  }

  @ParameterizedTest
  @ValueSource(ints = {80, 100, 120, 160, 200})
  void no_line_is_wider_than_the_screen(int columns) {
    Points points = Views.grid(folder);

    assertThat(table(Views.midway(points), columns).lines())
        .filteredOn(line -> !line.contains(folder.toString()))
        .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(columns));
  }

  @Test
  void no_line_is_wider_than_any_screen() {
    Views views = new Views();
    SweepStatus midway = Views.midway(Views.grid(folder));
    SweepStatus inSlurm = views.look(views.inSlurm(folder));

    for (int columns = 60; columns <= 250; columns++) {
      int width = columns;
      assertThat(List.of(table(midway, width), table(inSlurm, width)))
          .flatExtracting(Captured::lines)
          .filteredOn(line -> !line.contains(folder.toString()))
          .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(width));
    }
  }

  @Test
  void a_narrow_table_tells_constants_above_and_keeps_what_varies() {
    List<String> lines = table(Views.midway(Views.grid(folder)), 80).lines();

    assertThat(lines.get(1)).startsWith("Everywhere: seed=64");
    assertThat(lines.get(2)).contains("n_embd").contains("state").contains("progress");
  }

  @Test
  void keys_that_find_no_room_are_named() {
    StringBuilder yaml =
        new StringBuilder(
            "method: grid\nname: many\nproject: test\n"
                + "command: [--job.config-file, base.toml]\nparameters:\n");
    for (String key :
        List.of(
            "optimizer.learning_rate",
            "optimizer.weight_decay",
            "optimizer.beta1",
            "optimizer.beta2",
            "optimizer.grad_clip",
            "experiment.translation_ratio",
            "model.rope_base",
            "lr.warmup_iters",
            "training.seed")) {
      yaml.append("  ").append(key).append(": {values: [1234567, 9876543]}\n");
    }
    Points points = Grids.of(folder, "[experiment]\nmax_compartments = 2\n", yaml.toString());
    List<PointStatus> statuses = new ArrayList<>();
    for (int i : new int[] {0, points.size() - 1}) {
      statuses.add(Situations.pointStatus(points.at(i), Situations.training(points.at(i), 7)));
    }

    List<String> lines = table(Views.status(points, statuses, new ToldWorkers()), 80).lines();

    assertThat(String.join(" ", lines))
        .contains("Too narrow for seed, warmup_iters, rope_base;")
        .contains("--format csv");
    assertThat(lines)
        .filteredOn(line -> line.contains("training"))
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
  }

  /** The cells below this header; it must be wider than none of them. */
  private static List<String> cells(List<String> lines, String header, int rows) {
    int from = lines.get(1).indexOf(header);
    return lines.subList(2, 2 + rows).stream()
        .map(line -> line.substring(from).split("  ", 2)[0])
        .toList();
  }

  @Test
  void what_slurm_says_stands_beside_the_job() {
    Views views = new Views();

    List<String> lines = table(views.look(views.inSlurm(folder)), 200).lines();

    assertThat(lines.get(1)).contains("  job    slurm            state  ");
    assertThat(cells(lines, "slurm ", 6))
        .containsExactly("R 3 h 12 min r2", "PD BeginTime r1", "F", "-", "gone", "-");
  }

  @Test
  void what_slurm_proves_has_its_reason_below() {
    Views views = new Views();
    Points points = views.inSlurm(folder);

    List<String> lines = table(views.look(points), 200).lines();

    assertThat(lines)
        .contains(
            "preempted "
                + points.runId(1)
                + ": Slurm task 123_1 comes back for it (PENDING, BeginTime) (for another 4 min)."
                + " Free when that task does not come back in time",
            "stale "
                + points.runId(2)
                + ": w2 on node7 is gone: Slurm job 123_2 is FAILED; no checkpoint yet",
            "stale "
                + points.runId(4)
                + ": w4 on node7 is gone: Slurm job 123_4 is not known to Slurm any more;"
                + " no checkpoint yet",
            "Slurm: squeue gave no answer within 1.0 s");
  }

  @Test
  void dead_slurm_is_the_reason_where_the_service_still_says_running() {
    Views views = new Views();
    Points points = views.inSlurm(folder);
    Duration minute = Duration.ofMinutes(1);
    views.registry =
        runId -> new Registry.Remote.Found(new RemoteState("running", 9, minute), "local", minute);

    List<String> lines = table(views.look(points), 200).lines();

    assertThat(lines)
        .contains(
            "stale "
                + points.runId(2)
                + ": dead-slurm, though W&B says running: w2 on node7 is gone:"
                + " Slurm job 123_2 is FAILED; no checkpoint yet")
        .filteredOn(line -> line.contains("dead-slurm"))
        .hasSize(2);
  }

  @Test
  void without_a_word_of_slurm_there_is_no_such_column() {
    List<String> lines = table(Views.midway(Views.grid(folder)), 200).lines();

    assertThat(lines.get(1)).contains("job").doesNotContain("slurm");
  }

  @Test
  void nobody_is_told_of_slurm_where_no_owner_is_in_a_job() {
    Views views = new Views();
    Points points = Views.grid(folder);
    views.claims.tell(points.key(0), Situations.failed(points.at(0), "GPU lost"));

    assertThat(table(views.look(points), 200).text()).doesNotContain("Slurm");
  }

  @ParameterizedTest
  @ValueSource(ints = {80, 90, 100, 120, 160, 200})
  void the_words_of_slurm_make_no_line_too_wide(int columns) {
    Views views = new Views();
    Points points = views.inSlurm(folder);

    assertThat(table(views.look(points), columns).lines())
        .filteredOn(line -> !line.contains(folder.toString()))
        .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(columns));
  }

  @Test
  void long_runs_show_per_cent() {
    Points points = Views.grid(folder, 1_000_000, "[8, 16]");
    Point point = points.at(0);

    String text = table(alone(point, points, Situations.training(point, 523_456)), 200).text();

    assertThat(text).contains("52.3%");
  }

  @Test
  void a_silent_owner_is_told_as_seen_once() {
    Points points = Views.grid(folder);
    Point point = points.at(0);

    String quiet =
        table(alone(point, points, Situations.silent(point, 5, Duration.ofSeconds(40))), 200)
            .text();
    String late =
        table(alone(point, points, Situations.silent(point, 5, Duration.ofMinutes(12))), 200)
            .text();

    assertThat(quiet).contains("training").doesNotContain("silent");
    assertThat(late)
        .contains(
            "training "
                + point.runId()
                + ": w1 on node7 is silent 12 min by file time; a worker takes over after"
                + " watching 10 min");
  }

  @Test
  void a_run_whose_checkpoints_are_refused_says_so_and_how_old_the_newest_is() {
    Points points = Views.grid(folder);
    Point point = points.at(0);
    String full = Liveness.unsaved("No space left on device");

    String seen =
        table(alone(point, points, Situations.published(point, 80, 300, full)), 300).text();
    String glimpsed =
        table(alone(point, points, Situations.silent(point, 300, Duration.ofSeconds(4), full)), 300)
            .text();

    assertThat(seen)
        .contains("300/400")
        .contains(
            "training "
                + point.runId()
                + ": w1 on node7 trains it, now at iteration 300, but its checkpoints cannot be"
                + " written (No space left on device); the newest is of iteration 80. Mend that:"
                + " each checkpoint that comes due is tried");
    assertThat(glimpsed).contains("cannot be written (No space left on device); it has none yet");
    assertThat(
            table(alone(point, points, Situations.silent(point, 5, Duration.ofHours(1), full)), 300)
                .text())
        .contains("is silent 60 min by file time")
        .doesNotContain("cannot be written");
  }

  @Test
  void equal_reasons_stand_together() {
    Points points = Views.grid(folder);
    List<PointStatus> statuses = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Point point = points.at(i);
      statuses.add(Situations.pointStatus(point, Situations.poisoned(point, "GPU lost")));
    }

    List<String> lines = table(Views.status(points, statuses, new ToldWorkers()), 200).lines();

    assertThat(lines)
        .filteredOn(line -> line.contains("GPU lost"))
        .singleElement()
        .asString()
        .startsWith("poisoned " + points.runId(0) + ", " + points.runId(1))
        .endsWith("GPU lost. Mend the cause, then: reset RUN_ID");
  }

  @Test
  void what_another_program_left_is_not_ours_to_people_and_foreign_to_programs() {
    Points points = Views.grid(folder);
    SweepStatus sweep = alone(points.at(0), points, new ClaimState.Foreign("lock_meta.json"));
    Captured json = new Captured();

    new StatusJson().print(List.of(sweep), json.out());

    assertThat(table(sweep, 200).text())
        .contains("1 not-ours", "not-ours " + points.runId(0) + ": lock_meta.json")
        .doesNotContain("foreign");
    assertThat(json.text()).contains("\"state\":\"foreign\"").doesNotContain("not-ours");
  }

  @ParameterizedTest
  @ValueSource(strings = {"finished", "running", "crashed"})
  void a_run_that_another_cluster_has_is_shown_as_it_is_there(String state) {
    Views views = new Views();
    Points points = Views.grid(folder);
    Duration age = Duration.ofSeconds(20);
    views.registry =
        runId ->
            new Registry.Remote.Found(
                new RemoteState(state, state.equals("finished") ? 400 : 120, age),
                "north",
                Map.of("train/loss", 0.25, "val/translation_loss", 1.5),
                age);
    for (int i = 0; i < 3; i++) {
      views.claims.tell(points.key(i), Situations.lost(points.at(i)));
    }
    views.claims.tell(points.key(3), new ClaimState.Unclaimed());

    List<String> lines = table(views.look(points), 200).lines();

    assertThat(lines.subList(2, 6))
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains("  north    ", "0/400", "0.2500", "1.5000")
                    .doesNotContain("local", "123_4", "  0/400"));
  }

  @Test
  void a_run_that_finished_under_another_id_has_nothing_of_a_claim_here() {
    Views views = new Views();
    Points points = Views.grid(folder);
    views.registry = runId -> new Registry.Remote.Adopted("other", Duration.ZERO);
    views.claims.tell(points.key(0), Situations.stale(points.at(0), 80));

    String row = table(views.look(points), 200).lines().get(2);

    assertThat(row).contains("elsewhere  ", "400/400").doesNotContain("local");
  }

  @Test
  void a_single_reason_names_its_run_in_the_way_out() {
    Points points = Views.grid(folder);
    Point point = points.at(0);

    String text = table(alone(point, points, Situations.held(point)), 200).text();

    assertThat(text)
        .contains(
            "held " + point.runId() + ": stopped by the user. To go on: reset " + point.runId());
  }

  @Test
  void a_doubled_point_is_listed_and_counted_as_such() {
    Points points = Views.grid(folder, 400, "[8, 8]");
    List<PointStatus> statuses = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      statuses.add(Situations.pointStatus(points.at(i), new ClaimState.Unclaimed()));
    }

    String text = table(Views.status(points, statuses, new ToldWorkers()), 200).text();

    assertThat(text).contains("4 points: 4 unclaimed; 2 of them the same run as another.");
  }

  @Test
  void colours_come_only_where_they_are_wanted() {
    Captured printed = new Captured();
    SweepStatus sweep = Views.midway(Views.grid(folder));

    new StatusTable(new Screen(printed.out(), true, true, 120))
        .print(List.of(sweep), printed.out());

    assertThat(printed.text()).contains("\u001B[36mtraining");
    assertThat(table(sweep, 120).text()).doesNotContain("\u001B");
  }

  @Test
  void a_long_watched_table_leaves_out_what_rests() {
    Captured printed = new Captured();
    Points points = Views.grid(folder);
    Screen screen = new Screen(printed.out(), true, false, 120);

    new StatusTable(screen, 3).print(List.of(Views.midway(points)), printed.out());

    assertThat(printed.text())
        .contains(points.runId(1))
        .contains(points.runId(2))
        .doesNotContain(points.runId(0))
        .contains("Finished and unclaimed points are not listed.")
        .contains("4 points:");
  }

  @Test
  void a_worker_that_leaves_lists_no_row_of_a_long_sweep_but_what_needs_attention() {
    Captured printed = new Captured();
    Points points = Views.grid(folder);
    Screen screen = new Screen(printed.out(), false, false, 200);
    SweepStatus sweep = Views.midway(points);

    StatusTable.orSummary(screen, 3).print(List.of(sweep), printed.out());
    String summary = printed.text();

    assertThat(table(sweep, 200).text()).contains(points.runId(0)).endsWith(below(summary));
    assertThat(summary)
        .doesNotContain("run  ", points.runId(0))
        .contains("status prints the table; a worker does with --table.")
        .contains("4 points:");
    assertThat(below(summary).lines().count()).isGreaterThan(1);
  }

  @Test
  void a_worker_that_leaves_lists_a_short_sweep() {
    Captured printed = new Captured();
    SweepStatus sweep = Views.midway(Views.grid(folder));
    Screen screen = new Screen(printed.out(), false, false, 200);

    StatusTable.orSummary(screen, 4).print(List.of(sweep), printed.out());

    assertThat(printed.text()).isEqualTo(table(sweep, 200).text());
  }

  private static String below(String printed) {
    return printed.substring(printed.indexOf("4 points:"));
  }
}
