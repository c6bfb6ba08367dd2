package dev.sweeprunner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.cli.status.Views;
import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Finding;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.LogSummary;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.RemoteState;
import dev.sweeprunner.run.Scheduler.Job;
import dev.sweeprunner.run.Scheduler.View;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.testkit.Situations;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ExplainCommandTests {
  @TempDir static Path folder;

  private final Views views = new Views();
  private final List<Finding> damages = new ArrayList<>();
  private Points points;
  private Point point;

  @BeforeEach
  void makePoints() {
    points = Views.grid(folder);
    point = points.at(2);
  }

  private String explain(List<Points> sweeps, Function<String, List<RunKey>> finder, String runId) {
    ExplainCommand command =
        new ExplainCommand(sweeps, views.ports(), finder, (key, at) -> damages, views.screen(120));
    assertThat(command.run(runId)).isEqualTo(ExitCode.DONE);
    return views.printed.text();
  }

  private String explain(ClaimState claim) {
    views.claims.tell(point.key(), claim);
    return explain(List.of(points), id -> List.of(), point.runId());
  }

  @Test
  void what_the_relay_noticed_is_told() {
    views.journal.remark("steps 71-79 were logged by a killed life and never arrived");

    assertThat(explain(new ClaimState.Unclaimed()))
        .contains("relay       steps 71-79 were logged by a killed life and never arrived");
  }

  /** A situation, the state, what follows from it, and a word of the reason. */
  static Stream<Arguments> situations() {
    Point point = Views.grid(folder).at(2);
    return Stream.of(
        Arguments.of(
            new ClaimState.Unclaimed(),
            "unclaimed",
            "the next free worker starts it at iteration 0",
            "nobody has worked on it"),
        Arguments.of(
            Situations.training(point, 7),
            "training",
            "somebody else has it: no other worker claims it now",
            "beat changed 4 s ago"),
        Arguments.of(
            Situations.silent(point, 7, Duration.ofMinutes(12)),
            "training",
            "somebody else has it",
            "is silent 12 min by file time; a worker takes over after watching 10 min"),
        Arguments.of(
            Situations.stale(point, 80),
            "stale",
            "the next free worker resumes it at iteration 80",
            "pid 42 of this boot is gone"),
        Arguments.of(
            Situations.preempted(point, 90),
            "preempted",
            "no worker claims it for another 60 s",
            "Slurm task 123_4 has just left it"),
        Arguments.of(
            Situations.failed(point, "GPU lost"),
            "failed",
            "no worker claims it for another 60 s",
            "failed on node7 (1x): GPU lost"),
        Arguments.of(
            Situations.poisoned(point, "5 failures"),
            "poisoned",
            "it has ended: no worker will claim it",
            "5 failures"),
        Arguments.of(Situations.held(point), "held", "it has ended", "stopped by the user"),
        Arguments.of(
            Situations.finished(point), "finished", "it has ended", "finished at iteration 400"),
        Arguments.of(
            new ClaimState.Foreign("lock_meta.json"), "not-ours", "it has ended", "lock_meta.json"),
        Arguments.of(
            new ClaimState.Unreadable("permission denied"),
            "waiting",
            "no worker claims it yet",
            "permission denied"),
        Arguments.of(
            new ClaimState.Empty(false),
            "claimed",
            "somebody else has it",
            "a lock folder without a record"));
  }

  @ParameterizedTest
  @MethodSource("situations")
  void each_verdict_is_told_with_what_follows(
      ClaimState claim, String state, String consequence, String reason) {
    String text = explain(claim).replaceAll("\\s+", " ");

    assertThat(text)
        .startsWith("Run " + point.runId() + " is " + state + ". why ")
        .contains(" so " + consequence)
        .contains(reason)
        .contains(" source ");
  }

  @Test
  void how_a_program_was_started_is_told() {
    views.journal.tell(point.key(), "./train.py --lr=0.1 in /home/ann/work");

    String text = explain(Situations.training(point, 7)).replaceAll("\\s+", " ");

    assertThat(text).contains(" program ./train.py --lr=0.1 in /home/ann/work [meta] ");
  }

  @Test
  void a_run_without_a_program_or_a_claim_has_no_such_line() {
    String built = explain(Situations.training(point, 7));
    assertThat(built).doesNotContain("[meta]");

    views.journal.tell(point.key(), "./train.py");
    views.claims.tell(point.key(), new ClaimState.Unclaimed());
    String unclaimed = explain(List.of(points), id -> List.of(), point.runId());

    assertThat(unclaimed).doesNotContain("[meta]");
  }

  @Test
  void every_fact_has_its_source() {
    views.clock.advance(Duration.ofMinutes(12));

    String text = explain(Situations.stale(point, 80)).replaceAll("\\s+", " ");

    assertThat(text)
        .contains("point 2 of " + folder.resolve("sweep.yaml") + " (Small grid)")
        .contains("model.n_embd = 16")
        .contains("experiment.translation_ratio = 0.25")
        .contains("config valid; SHA-256 " + point.config().sha256().substring(0, 12) + " [config]")
        .contains("trainer can train it [trainer]")
        .contains("folder out/" + point.key().folder())
        .contains("record 3: published, claim 1 [claim log record 3, written 12 min ago]")
        .contains("by w1 on node7, cluster local, user ann, pid 42, cpu, Slurm job 123_4")
        .contains("owner proven dead, pid 42 of this boot is gone [beat, read just now]")
        .contains("checkpoint 0000080-e1, iteration 80 [claim log]")
        .contains("attempts 1 claim [claim log]")
        .contains("W&B not asked: W&B is disabled [W&B]")
        .contains("scheduler unknown: Slurm was not asked [Slurm]")
        .contains("earlier no traces of the earlier runner [run folder]");
  }

  /** What Slurm says, and how it is told. */
  static Stream<Arguments> views() {
    Duration left = Duration.ofMinutes(192);
    Job pending = new Job("123_4", "PENDING", "BeginTime", 1, left);
    Job held = new Job("123_4", "PENDING", "JobHeldUser", 1, null);
    Job failed = new Job("123_4", "FAILED", "NonZeroExitCode", 0, null);
    return Stream.of(
        Arguments.of(
            new View.Unknown("squeue gave no answer within 1.0 s"),
            "training",
            "unknown: squeue gave no answer within 1.0 s [Slurm]"),
        Arguments.of(
            new View.Present(new Job("123_4", "RUNNING", "", 2, left)),
            "training",
            "job 123_4 is RUNNING, 2 restarts, 3 h 12 min until its time limit [Slurm]"),
        Arguments.of(
            new View.Present(new Job("123_4", "COMPLETING", "", 0, null)),
            "training",
            "job 123_4 is COMPLETING, 0 restarts [Slurm]"),
        Arguments.of(
            new View.Returning(pending),
            "preempted",
            "job 123_4 is PENDING (BeginTime), 1 restart, 3 h 12 min of time limit. The life that"
                + " had this run is over; this is the same task's next one [Slurm]"),
        Arguments.of(
            new View.Gone("123_4", "is FAILED", failed),
            "stale",
            "job 123_4 is FAILED (NonZeroExitCode), 0 restarts. The life that had this run is over,"
                + " and nothing of it comes back [Slurm]"),
        Arguments.of(
            new View.Gone("123_4", "is queued again, but held: JobHeldUser", held),
            "stale",
            "job 123_4 is PENDING (JobHeldUser), 1 restart. It is queued again, but held:"
                + " JobHeldUser. The life that had this run is over, and nothing of it comes back"
                + " [Slurm]"),
        Arguments.of(
            new View.Gone("123_4", "is not known to Slurm any more"),
            "stale",
            "job 123_4 is not known to Slurm any more. The life that had this run is over, and"
                + " nothing of it comes back [Slurm]"));
  }

  @Test
  void a_suspended_job_is_the_reason_and_not_its_silence() {
    views.scheduler.tell("123_4", new View.Present(new Job("123_4", "SUSPENDED", "", 0, null)));

    String text =
        explain(Situations.silent(point, 7, Duration.ofMinutes(12))).replaceAll("\\s+", " ");

    assertThat(text)
        .startsWith("Run " + point.runId() + " is suspended.")
        .contains("why w1 on node7: its Slurm job 123_4 is SUSPENDED")
        .contains("so somebody else has it: no other worker claims it now")
        .contains("way out Goes on when Slurm resumes it");
  }

  @ParameterizedTest
  @MethodSource("views")
  void what_slurm_says_is_told_whole(View view, String state, String words) {
    views.scheduler.tell("123_4", view);

    String text =
        explain(Situations.silent(point, 7, Duration.ofSeconds(20))).replaceAll("\\s+", " ");

    assertThat(text)
        .startsWith("Run " + point.runId() + " is " + state + ".")
        .contains(" scheduler " + words);
  }

  @Test
  void a_requeued_task_is_waited_for_and_then_not() {
    views.scheduler.tell(
        "123_4", new View.Returning(new Job("123_4", "PENDING", "BeginTime", 1, null)));

    String early = explain(Situations.silent(point, 7, Duration.ofMinutes(1)));
    String late = explain(Situations.silent(point, 7, Duration.ofMinutes(6)));

    assertThat(early.replaceAll("\\s+", " "))
        .contains("why Slurm task 123_4 comes back for it (PENDING, BeginTime) (for another 4 min)")
        .contains("source squeue, read just now")
        .contains("so no worker claims it for another 4 min")
        .contains(
            "owner proven dead, Slurm has requeued its job 123_4, iteration 7, silent 60 s by")
        .contains("file time [beat, read just now; Slurm]");
    assertThat(late.substring(early.length()).replaceAll("\\s+", " "))
        .startsWith("Run " + point.runId() + " is stale.")
        .contains("why w1 on node7 is gone: Slurm has requeued its job 123_4; no checkpoint yet")
        .contains("so the next free worker starts it at iteration 0");
  }

  @Test
  void dead_slurm_stands_first_where_the_service_still_says_running() {
    Duration minute = Duration.ofMinutes(1);
    views.registry =
        runId -> new Registry.Remote.Found(new RemoteState("running", 9, minute), "local", minute);
    views.scheduler.tell("123_4", new View.Gone("123_4", "is CANCELLED"));

    assertThat(explain(Situations.silent(point, 7, Duration.ofSeconds(20))).replaceAll("\\s+", " "))
        .contains("why dead-slurm, though W&B says running: w1 on node7 is gone:")
        .contains("W&B running at iteration 9 on cluster local, heartbeat 60 s ago");
  }

  @Test
  void whose_life_it_was_is_told_with_restarts_and_slurms_name_of_the_node() {
    SlurmTask task = new SlurmTask("130", "123", "4", 2, "gpu03");
    Owner owner =
        new Owner(
            "i", "w1", "local", "node7.site", "m", "b", 42, "1", "2", "ann", "cuda:0 H100", task);

    assertThat(explain(Situations.by(owner, Situations.training(point, 7))).replaceAll("\\s+", " "))
        .contains("pid 42, cuda:0 H100, Slurm job 123_4, 2 restarts, node gpu03");
  }

  @Test
  void the_history_is_told_slot_by_slot() {
    views.claims.tell(
        point.key(),
        List.of(
            Situations.end(point, RecordType.CLAIM, LogSummary.EMPTY.claimed(false)),
            Situations.end(
                point,
                RecordType.PUBLISH,
                LogSummary.EMPTY.claimed(false).published(Situations.checkpoint(80)))));

    String text = explain(Situations.stale(point, 80));

    assertThat(text)
        .contains("record 3 2026-01-01T00:00:00Z claimed, attempt 1 by w1 on node7 (just now)")
        .contains("record 3 2026-01-01T00:00:00Z published iteration 80 by w1 on node7 (just now)");
  }

  @Test
  void a_slot_that_says_nothing_is_told_as_such_and_what_will_happen() {
    Owner nobody = new Owner("", "unknown", "", "unknown", "", "", 0, "", "", "", "", null);
    LogEnd torn =
        new LogEnd(
            1, RecordType.CLAIM, 1, nobody, Instant.EPOCH, "", LogSummary.EMPTY, null, "", null);
    Liveness owner =
        new Liveness(Liveness.Kind.SILENT, "as the test says", null, Duration.ZERO, -1, "");
    views.claims.tell(point.key(), List.of(torn));

    String text = explain(new ClaimState.Logged(torn, owner)).replaceAll("\\s+", " ");

    assertThat(text)
        .contains("is claimed. why its newest record, number 1, is empty or damaged")
        .contains("way out Free when its beat has stood still for the expiry time")
        .contains("claim log record 1 is empty or damaged: who wrote it, and what, is unknown")
        .contains("History: record 1 empty or damaged")
        .doesNotContain("pid 0", "ago", "1970", "CLAIM");
  }

  @Test
  void the_newest_row_is_told() {
    views.journal.tell(point.key(), Situations.row(81, "train/loss", 1.25));

    assertThat(explain(Situations.training(point, 81)))
        .contains("step 81: train/loss 1.2500 [journal]");
  }

  @ParameterizedTest
  @MethodSource("situations")
  void without_a_sweep_the_lock_directory_tells_the_same(
      ClaimState claim, String state, String consequence, String reason) {
    views.claims.tell(point.key(), claim);

    String text =
        explain(List.of(), id -> List.of(point.key()), point.runId()).replaceAll("\\s+", " ");

    assertThat(text)
        .startsWith("Run " + point.runId() + " is " + state + ". why ")
        .contains(" so " + consequence)
        .contains(reason)
        .contains("no sweep with this run was given");
  }

  @Test
  void without_a_sweep_the_runs_own_config_says_what_is_whole() {
    views.claims.tellEarlier(point.key(), 400);
    views.journal.tell(point.key(), Goal.of(point.config()));

    assertThat(explain(List.of(), id -> List.of(point.key()), point.runId()))
        .startsWith("Run " + point.runId() + " is finished.")
        .contains("the earlier runner finished it: latest: iter_num 400");
  }

  @Test
  void without_sweep_and_config_a_checkpoint_of_the_earlier_runner_decides_nothing() {
    views.claims.tellEarlier(point.key(), 400);

    String text =
        explain(List.of(), id -> List.of(point.key()), point.runId()).replaceAll("\\s+", " ");

    assertThat(text)
        .startsWith("Run " + point.runId() + " is waiting.")
        .contains("latest: iter_num 400; whether that is all its updates, only its config says")
        .contains("way out Give its sweep with --sweep")
        .doesNotContain("--afresh");
  }

  @Test
  void a_run_of_two_projects_is_told_twice() {
    RunKey other = new RunKey("other", "g", point.runId(), 1);

    String text = explain(List.of(), id -> List.of(point.key(), other), point.runId());

    assertThat(text.split("Run " + point.runId() + " is unclaimed", -1)).hasSize(3);
    assertThat(text)
        .startsWith("2 runs have this id, and each is told: out/test/")
        .contains(", out/other/g/" + point.runId() + "_s1. --sweep chooses one.");
  }

  @Test
  void an_unknown_run_is_a_mistake() {
    assertThatThrownBy(() -> explain(List.of(points), id -> List.of(), "00000000"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("00000000: no point of these sweeps has this run id");
    assertThatThrownBy(() -> explain(List.of(), id -> List.of(), "00000000"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no run of this id was ever claimed in the storage root /st");
  }

  @Test
  void it_says_where_it_looked_and_that_nothing_is_there() {
    assertThat(explain(List.of(points), id -> List.of(), point.runId()))
        .contains("\nstorage     /st\n");

    views.root = new LookedAt(Path.of("/st"), false, () -> LookedAt.There.NOTHING);

    assertThat(explain(List.of(points), id -> List.of(), point.runId()))
        .contains(
            "storage     /st (the working directory) does not exist; started from another folder?");
    assertThatThrownBy(() -> explain(List.of(), id -> List.of(), "00000000"))
        .hasMessageContaining(
            "claimed in the storage root /st, which does not exist (started from another"
                + " folder?).");
  }
}
