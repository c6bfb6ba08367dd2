package dev.sweeprunner.run.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.LogSummary;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Scheduler.Job;
import dev.sweeprunner.run.Scheduler.View;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.IdleTraining;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.Situations;
import dev.sweeprunner.testkit.ToldClaims;
import dev.sweeprunner.testkit.ToldScheduler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ObserverTests {
  private static final String JOB = "123_4";
  private static final View GONE = new View.Gone(JOB, "is FAILED");
  private static final View PRESENT = new View.Present(job("RUNNING", "", 0));
  private static final View RETURNING = new View.Returning(job("PENDING", "BeginTime", 1));
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir static Path folder;
  private static Point point;

  private final ToldClaims claims = new ToldClaims();
  private final ToldScheduler scheduler = new ToldScheduler();
  private final SettableClock clock = new SettableClock();
  private final Observer watching = observer(Registry.disabled(), false);
  private final Observer once = observer(Registry.disabled(), true);

  @BeforeAll
  static void makePoint() {
    point = Grids.tiny(folder, 1, 400).at(0);
  }

  private static Job job(String state, String reason, int restarts) {
    return new Job(JOB, state, reason, restarts, null);
  }

  private Observer observer(Registry registry, boolean oneShot) {
    return new Observer(
        claims,
        registry,
        scheduler,
        new IdleTraining(new Training.Size(1, 1), null),
        clock,
        new Judge(Situations.POLICY),
        oneShot);
  }

  private Facts facts(ClaimState claim, View view) {
    claims.tell(point.key(), claim);
    scheduler.tell(JOB, view);
    return watching.facts(point);
  }

  private static Liveness owner(Facts facts) {
    return Objects.requireNonNull(((ClaimState.Logged) facts.claim()).owner());
  }

  private static ClaimState owned(Liveness.Kind kind, String how) {
    Liveness owner = new Liveness(kind, how, MINUTE, Duration.ofSeconds(7), 90, "train");
    return new ClaimState.Logged(
        Situations.end(point, RecordType.CLAIM, LogSummary.EMPTY.claimed(false)), owner);
  }

  @Test
  void a_silent_owner_is_dead_where_its_job_is_gone() {
    Facts facts = facts(owned(Liveness.Kind.SILENT, "not watched yet"), GONE);

    assertThat(owner(facts))
        .isEqualTo(
            new Liveness(
                Liveness.Kind.PROVEN_DEAD,
                "Slurm job 123_4 is FAILED",
                MINUTE,
                Duration.ofSeconds(7),
                90,
                "train"));
    assertThat(watching.verdict(facts)).isInstanceOf(Verdict.Claimable.class);
    assertThat(watching.verdict(facts).state()).isEqualTo(State.STALE);
  }

  @Test
  void a_silent_owner_is_dead_where_its_task_is_queued_again_and_the_run_is_left_to_that_task() {
    Facts facts = facts(owned(Liveness.Kind.SILENT, "not watched yet"), RETURNING);

    assertThat(owner(facts).kind()).isEqualTo(Liveness.Kind.PROVEN_DEAD);
    assertThat(owner(facts).how()).isEqualTo("Slurm has requeued its job 123_4");
    assertThat(watching.verdict(facts).state()).isEqualTo(State.PREEMPTED);
    assertThat(((Verdict.NotYet) watching.verdict(facts)).left())
        .isEqualTo(Situations.POLICY.comeBack().minus(MINUTE));
  }

  /** What proves nothing. */
  static Stream<View> present() {
    return Stream.of(PRESENT, new View.Unknown("squeue gave no answer"));
  }

  @ParameterizedTest
  @MethodSource("present")
  void unknown_and_present_prove_nothing(View view) {
    Facts facts = facts(owned(Liveness.Kind.SILENT, "not watched yet"), view);

    assertThat(owner(facts).kind()).isEqualTo(Liveness.Kind.SILENT);
    assertThat(facts.scheduler()).isEqualTo(view);
    assertThat(facts.sinceLeft()).isZero();
    assertThat(watching.verdict(facts)).isInstanceOf(Verdict.Taken.class);
  }

  /** Judgements that this host made by itself, with either word of Slurm. */
  static Stream<Arguments> judged() {
    return Stream.of(Liveness.Kind.LIVE, Liveness.Kind.EXPIRED, Liveness.Kind.PROVEN_DEAD)
        .flatMap(kind -> Stream.of(GONE, RETURNING).map(view -> Arguments.of(kind, view)));
  }

  @ParameterizedTest
  @MethodSource("judged")
  void what_this_host_sees_for_itself_outweighs_slurm(Liveness.Kind kind, View view) {
    ClaimState looked = owned(kind, "pid 42 of this boot as seen here");

    assertThat(facts(looked, view).claim()).isEqualTo(looked);
  }

  @Test
  void a_live_owner_keeps_its_run_whatever_slurm_says() {
    Facts facts = facts(Situations.training(point, 9), GONE);

    assertThat(watching.verdict(facts)).isInstanceOf(Verdict.Taken.class);
    assertThat(facts.sinceLeft()).isZero();
  }

  /** States that are nobody's, or of which Slurm can say nothing that matters. */
  static Stream<ClaimState> nobodys() {
    return Stream.of(
        new ClaimState.Unclaimed(),
        new ClaimState.Empty(false),
        new ClaimState.Foreign("lock_meta.json"),
        new ClaimState.Unreadable("EIO"),
        Situations.finished(point),
        Situations.poisoned(point, "5 failures"),
        Situations.failed(point, "GPU lost"),
        new ClaimState.Logged(Situations.end(point, RecordType.RESET, LogSummary.EMPTY), null));
  }

  @ParameterizedTest
  @MethodSource("nobodys")
  void the_scheduler_is_not_asked_where_nobody_has_the_run(ClaimState claim) {
    Facts facts = facts(claim, GONE);

    assertThat(scheduler.asked()).isEmpty();
    assertThat(facts.scheduler()).isEqualTo(new View.Unknown("nobody has it"));
    assertThat(facts.claim()).isEqualTo(claim);
  }

  @ParameterizedTest
  @EnumSource(Liveness.Kind.class)
  void the_scheduler_is_asked_once_about_every_owner(Liveness.Kind kind) {
    facts(owned(kind, "as seen"), PRESENT);

    assertThat(scheduler.asked()).containsExactly(JOB);
  }

  @Test
  void the_scheduler_is_asked_about_whoever_has_just_left() {
    claims.tell(point.key(), Situations.preempted(point, 80));
    scheduler.tell(JOB, RETURNING);
    clock.advance(Duration.ofMinutes(2));

    Facts facts = watching.facts(point);

    assertThat(scheduler.asked()).containsExactly(JOB);
    assertThat(facts.sinceLeft()).isEqualTo(Duration.ofMinutes(2));
    assertThat(watching.verdict(facts).because().fact())
        .isEqualTo("Slurm task 123_4 comes back for it (PENDING, BeginTime)");
  }

  @Test
  void a_clock_behind_the_writers_leaves_a_run_no_longer_than_the_come_back_time() {
    claims.tell(point.key(), Situations.preempted(point, 80));
    scheduler.tell(JOB, RETURNING);
    clock.jump(Duration.ofHours(-3));

    Facts facts = watching.facts(point);

    assertThat(facts.sinceLeft()).isZero();
    assertThat(((Verdict.NotYet) watching.verdict(facts)).left())
        .isEqualTo(Situations.POLICY.comeBack());
  }

  @Test
  void a_clock_years_ahead_of_all_holds_a_run_up_no_longer_than_it_is_watched() {
    claims.tell(point.key(), Situations.preempted(point, 80));
    scheduler.tell(JOB, RETURNING);
    clock.jump(Duration.ofDays(-3650));
    watching.facts(point);

    clock.advance(Situations.POLICY.comeBack());

    assertThat(watching.facts(point).sinceLeft()).isEqualTo(Situations.POLICY.comeBack());
    assertThat(watching.verdict(watching.facts(point))).isInstanceOf(Verdict.Claimable.class);
  }

  @Test
  void who_looks_once_takes_what_was_written_years_ahead_for_long_over() {
    clock.jump(Duration.ofDays(-3650));

    claims.tell(point.key(), Situations.failed(point, "GPU lost"));
    assertThat(once.verdict(once.facts(point))).isInstanceOf(Verdict.Claimable.class);
    claims.tell(point.key(), Situations.preempted(point, 80));
    assertThat(once.verdict(once.facts(point))).isInstanceOf(Verdict.Claimable.class);
  }

  @Test
  void who_looks_once_bears_with_clocks_that_are_minutes_apart() {
    claims.tell(point.key(), Situations.failed(point, "GPU lost"));
    clock.jump(Duration.ofMinutes(-9));

    assertThat(once.facts(point).sinceFailure()).isZero();
  }

  @Test
  void a_watcher_counts_a_failures_age_from_when_it_first_saw_it() {
    claims.tell(point.key(), Situations.failed(point, "GPU lost"));
    clock.jump(Duration.ofHours(3));

    assertThat(watching.facts(point).sinceFailure()).isZero();
    clock.advance(MINUTE);

    assertThat(watching.facts(point).sinceFailure()).isEqualTo(MINUTE);
  }

  @Test
  void who_looks_once_goes_by_the_failures_own_time() {
    claims.tell(point.key(), Situations.failed(point, "GPU lost"));
    clock.jump(Duration.ofHours(3));

    assertThat(once.facts(point).sinceFailure()).isEqualTo(Duration.ofHours(3));
  }

  @Test
  void without_a_sweep_only_the_lock_directory_and_the_scheduler_are_asked() {
    Observer observer =
        observer(
            runId -> {
              throw new AssertionError("no sweep says that W&B is used");
            },
            true);
    scheduler.tell(JOB, GONE);

    claims.tell(point.key(), Situations.silent(point, 9, Duration.ofSeconds(20)));
    Facts facts = observer.facts(point.key(), null);

    assertThat(owner(facts).kind()).isEqualTo(Liveness.Kind.PROVEN_DEAD);
    assertThat(facts.remote()).isEqualTo(new Registry.Remote.NotAsked("no sweep was given"));
  }
}
