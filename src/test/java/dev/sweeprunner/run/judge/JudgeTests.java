package dev.sweeprunner.run.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.problem.Obstacle;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.EarlierTraces;
import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.LogSummary;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.Registry.Remote;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.RemoteState;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.testkit.Grids;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JudgeTests {
  private static final RetryPolicy ATTEMPTS =
      new RetryPolicy(3, 2, 5, 5, 1, Duration.ofSeconds(60), Duration.ofMinutes(30));
  private static final Owner OWNER =
      new Owner("i", "w1", "local", "node7", "m", "b", 4, "5", "6", "ann", "cpu", null);
  private static final PublishedCheckpoint CHECKPOINT =
      new PublishedCheckpoint(80, 1, "0000080-e1", "m", true, 0, "p", "s", 80);
  private static final LogSummary FRESH = LogSummary.EMPTY.claimed(false);
  private static final LogSummary PUBLISHED = FRESH.published(CHECKPOINT);
  private static final LogSummary FAILED =
      PUBLISHED.failed(new Failure(FailureClass.INFRA, "GPU lost", "node7"));
  private static final Remote OFF = new Remote.NotAsked("W&B is disabled");
  private static final Duration NONE = Duration.ZERO;

  @TempDir static Path folder;
  private static Point point;
  private static Point invalid;

  @BeforeAll
  static void makePoints() {
    point = Grids.tiny(folder, 1, 400).at(0);
    invalid =
        new Point(0, point.overrides(), point.config(), point.key(), "n_compartments is too large");
  }

  /** One row per combination that matters: name, facts, expected kind and state. */
  static Stream<Row> table() {
    ClaimState none = new ClaimState.Unclaimed();
    ClaimState foreign = new ClaimState.Foreign("lock_meta.json");
    return Stream.of(
        row("invalid beats a finished log", facts(invalid, log(finish(), null)), ended("invalid")),
        row("invalid beats foreign traces", facts(invalid, foreign), ended("invalid")),
        row("a refusal is invalid", refused("dropout"), ended("invalid")),
        row("a foreign lock", facts(point, foreign), ended("foreign")),
        row("foreign lock, but finished", earlier(foreign, "FINISHED"), ended("finished")),
        row("earlier runner finished it", earlier(none, "FINISHED"), ended("finished")),
        row("earlier runner left a part", earlier(none, "PARTIAL"), ended("foreign")),
        row("earlier runner holds it", earlier(none, "LOCKED"), ended("foreign")),
        row("its files are unreadable", earlier(none, "UNREADABLE"), wait("waiting")),
        row("our log outranks those", earlier(released(), "UNREADABLE"), claim("preempted", 80)),
        row(
            "a folder that cannot be read may hold our log",
            earlier(new ClaimState.Unreadable("EIO"), "PARTIAL"),
            wait("waiting")),
        row("our log outranks a part", earlier(released(), "PARTIAL"), claim("preempted", 80)),
        row("another config's id", facts(point, log(claimOf("other"), null)), ended("invalid")),
        row("a record that says nothing", torn("SILENT"), taken("claimed")),
        row("one that said nothing for long", torn("EXPIRED"), claim("stale", -1)),
        row("a reset of one", facts(point, log(claimOf(""), null)), claim("unclaimed", -1)),
        row(
            "an unreadable folder",
            facts(point, new ClaimState.Unreadable("EIO")),
            wait("waiting")),
        row("free, another user's folder", closed(facts(point, released())), wait("waiting")),
        row("fresh, another user's group", closed(facts(point, none)), wait("waiting")),
        row("dead, another user's folder", closed(facts(point, dead())), wait("waiting")),
        row("taken, another user's folder", closed(facts(point, live())), taken("training")),
        row(
            "finished, another user's folder",
            closed(facts(point, log(finish(), null))),
            ended("finished")),
        row(
            "a folder that this user may not read",
            closed(facts(point, new ClaimState.Unreadable("EACCES"))),
            wait("waiting")),
        row("FINISH", facts(point, log(finish(), null)), ended("finished")),
        row("POISON", facts(point, log(end(RecordType.POISON, FAILED), null)), ended("poisoned")),
        row("held by the user", facts(point, log(held(), null)), ended("held")),
        row("an empty folder, young", facts(point, new ClaimState.Empty(false)), taken("claimed")),
        row(
            "an empty folder, old",
            facts(point, new ClaimState.Empty(true)),
            claim("unclaimed", -1)),
        row("CLAIM, no iteration", owned(RecordType.CLAIM, "LIVE", 0), taken("claimed")),
        row("CLAIM, iterating", owned(RecordType.CLAIM, "LIVE", 12), taken("training")),
        row("PUBLISH, beating", owned(RecordType.PUBLISH, "LIVE", 0), taken("training")),
        row("silent is not dead", owned(RecordType.PUBLISH, "SILENT", 9), taken("training")),
        row("watched to expire", owned(RecordType.PUBLISH, "EXPIRED", 9), claim("stale", 80)),
        row("proven dead", owned(RecordType.PUBLISH, "PROVEN_DEAD", 9), claim("stale", 80)),
        row("dead, nothing published", owned(RecordType.CLAIM, "EXPIRED", 9), claim("stale", -1)),
        row("dead, but comes back", returning(dead()), wait("preempted")),
        row("released, comes back", returning(released()), wait("preempted")),
        row("live beats comes back", returning(live()), taken("training")),
        row("dead, comes back too late", returning(dead(), 300), claim("stale", 80)),
        row("released, almost too late", returning(released(), 299), wait("preempted")),
        row("released, comes back too late", returning(released(), 300), claim("preempted", 80)),
        row("just released, listed", task(RecordType.RELEASE, listed(), 59), wait("preempted")),
        row("just released, unknown", task(RecordType.RELEASE, view(), 59), wait("preempted")),
        row(
            "just released, its job gone",
            task(RecordType.RELEASE, new Scheduler.View.Gone("12_3", "is CANCELLED"), 0),
            claim("preempted", 80)),
        row(
            "released a minute ago, listed",
            task(RecordType.RELEASE, listed(), 60),
            claim("preempted", 80)),
        row("its job suspended", suspended(silent(), "SUSPENDED"), taken("suspended")),
        row("stopped by a signal", suspended(live(), "STOPPED"), taken("suspended")),
        row("suspended, begun nothing", suspended(claimedAlive(), "SUSPENDED"), taken("suspended")),
        row(
            "suspended beyond the expiry",
            suspended(owned(Liveness.Kind.EXPIRED), "SUSPENDED"),
            claim("stale", 80)),
        row(
            "given back, then suspended",
            suspended(released(), "SUSPENDED"),
            claim("preempted", 80)),
        row("listed as running", suspended(silent(), "RUNNING"), taken("training")),
        row("dead, still listed", task(RecordType.PUBLISH, listed(), 0), claim("stale", 80)),
        row("claimed only, comes back", returning(claimedOnly()), wait("preempted")),
        row("its worker left for good", returning(left()), claim("preempted", 80)),
        row("comes back to a failure", returning(failed()), wait("failed")),
        row("comes back to a lost race", returning(lost()), claim("preempted", -1)),
        row("comes back to a held run", returning(log(held(), null)), ended("held")),
        row("comes back to a finished one", returning(log(finish(), null)), ended("finished")),
        row("dead, its job gone", gone(dead(), OFF), claim("stale", 80)),
        row("released, its job gone", gone(released(), OFF), claim("preempted", 80)),
        row("live beats gone", gone(live(), OFF), taken("training")),
        row("silent beats gone: only proof counts", gone(silent(), OFF), taken("training")),
        row(
            "gone, though W&B says running",
            gone(dead(), there("running", 9, 30)),
            claim("stale", 80)),
        row("released with a checkpoint", facts(point, released()), claim("preempted", 80)),
        row(
            "released without one",
            facts(point, log(release(FRESH), null)),
            claim("preempted", -1)),
        row("backing off", failedFor(59), wait("failed")),
        row("backed off", failedFor(60), claim("failed", 80)),
        row("reset", facts(point, log(end(RecordType.RESET, FRESH), null)), claim("unclaimed", -1)),
        row(
            "reset with a part",
            facts(point, log(end(RecordType.RESET, PUBLISHED), null)),
            claim("preempted", 80)),
        row("nothing at all", facts(point, none), claim("unclaimed", -1)),
        row("not found there", remote(none, new Remote.NotFound(NONE)), claim("unclaimed", -1)),
        row("unknown there, home", remote(none, new Remote.Unknown("503")), claim("unclaimed", -1)),
        row("adopted", remote(none, new Remote.Adopted("x1y2", NONE)), ended("elsewhere")),
        row(
            "adopted, begun here",
            remote(released(), new Remote.Adopted("x", NONE)),
            ended("elsewhere")),
        row("adopted, live here", remote(live(), new Remote.Adopted("x", NONE)), taken("training")),
        row(
            "lost to another, live there",
            remote(lost(), there("running", 9, 30)),
            taken("elsewhere")),
        row(
            "lost to another, crashed there",
            remote(lost(), there("crashed", 9, 600)),
            wait("waiting")),
        row(
            "lost to another, gone there",
            remote(lost(), new Remote.NotFound(NONE)),
            claim("preempted", -1)),
        row(
            "unknown there, but local",
            remote(released(), new Remote.Unknown("503")),
            claim("preempted", 80)),
        row("finished there", remote(none, there("finished", 399, 0)), ended("elsewhere")),
        row(
            "finished there too early",
            remote(none, there("finished", 250, 0)),
            claim("unclaimed", -1)),
        row("live there", remote(none, there("running", 9, 30)), taken("elsewhere")),
        row("told to go there", remote(none, there("preempting", 9, 30)), taken("elsewhere")),
        row("told to go, silent", remote(none, there("preempting", 9, 600)), wait("waiting")),
        row(
            "live there is us",
            remote(released(), there("running", 9, 30)),
            claim("preempted", 80)),
        row("crashed there, young", remote(none, there("crashed", 9, 600)), wait("waiting")),
        row("crashed there, old", remote(none, there("crashed", 9, 7200)), claim("unclaimed", -1)));
  }

  @ParameterizedTest
  @MethodSource("table")
  void the_first_rule_that_matches_decides(Row row) {
    Verdict verdict = new Judge(policy(Policy.Down.HOME, false)).verdict(row.facts());

    assertThat(summary(verdict)).isEqualTo(row.expected());
    assertThat(verdict.because().fact()).isNotBlank();
    assertThat(verdict.because().source()).isNotBlank();
  }

  private static Because because(Facts facts) {
    return new Judge(policy(Policy.Down.HOME, false)).verdict(facts).because();
  }

  @Test
  void a_run_that_is_waited_for_says_for_whom_and_how_long() {
    Facts facts = returning(released(), 60);

    Verdict.NotYet verdict =
        (Verdict.NotYet) new Judge(policy(Policy.Down.HOME, false)).verdict(facts);

    assertThat(verdict.left()).isEqualTo(Duration.ofMinutes(4));
    assertThat(verdict.because())
        .isEqualTo(
            Because.now(
                "Slurm task 12_3 comes back for it (PENDING, BeginTime)",
                "squeue",
                "Free when that task does not come back in time"));
  }

  @Test
  void a_suspended_run_says_whose_job_is_and_what_ends_it() {
    assertThat(because(suspended(silent(), "SUSPENDED")))
        .isEqualTo(
            Because.now(
                "w1 on node7: its Slurm job 12_3 is SUSPENDED",
                "squeue",
                "Goes on when Slurm resumes it; free when its beat has stood still for the expiry"
                    + " time"));
  }

  @Test
  void a_state_without_a_reason_stands_alone() {
    Scheduler.Job job = new Scheduler.Job("12_3", "CONFIGURING", "", 1, null);
    Scheduler.View view = new Scheduler.View.Returning(job);

    assertThat(
            because(facts(point, null, dead(), EarlierTraces.NONE, OFF, view, NONE, NONE)).fact())
        .isEqualTo("Slurm task 12_3 comes back for it (CONFIGURING)");
  }

  @Test
  void dead_slurm_is_said_only_where_the_service_says_running_and_the_job_is_gone() {
    String gone = "w1 on node7 is gone: as the test says; checkpoint 0000080-e1";

    assertThat(because(gone(dead(), there("running", 9, 30))).fact())
        .isEqualTo("dead-slurm, though W&B says running: " + gone);
    assertThat(because(gone(dead(), there("crashed", 9, 30))).fact()).isEqualTo(gone);
    assertThat(because(gone(dead(), new Remote.NotFound(NONE))).fact()).isEqualTo(gone);
    assertThat(because(gone(dead(), new Remote.Unknown("503"))).fact()).isEqualTo(gone);
    assertThat(because(gone(dead(), OFF)).fact()).isEqualTo(gone);
    assertThat(because(remote(dead(), there("running", 9, 30))).fact()).isEqualTo(gone);
  }

  @Test
  void a_run_given_back_in_order_is_not_called_dead() {
    assertThat(because(gone(released(), there("running", 9, 30))).fact())
        .isEqualTo("w1 gave it back: on TERM; checkpoint 0000080-e1");
  }

  @Test
  void afresh_claims_what_the_earlier_runner_left_half_done() {
    Facts facts = earlier(new ClaimState.Unclaimed(), "PARTIAL");

    Verdict verdict = new Judge(policy(Policy.Down.HOME, true)).verdict(facts);

    assertThat(summary(verdict)).isEqualTo(claim("unclaimed", -1));
  }

  @Test
  void afresh_never_takes_a_lock_of_the_earlier_runner() {
    Facts facts = earlier(new ClaimState.Unclaimed(), "LOCKED");

    Verdict verdict = new Judge(policy(Policy.Down.HOME, true)).verdict(facts);

    assertThat(summary(verdict)).isEqualTo(ended("foreign"));
  }

  @Test
  void closed_waits_even_for_local_runs_while_the_service_is_unknown() {
    Facts facts = remote(released(), new Remote.Unknown("503"));

    assertThat(summary(new Judge(policy(Policy.Down.CLOSED, false)).verdict(facts)))
        .isEqualTo(wait("waiting"));
    assertThat(summary(new Judge(policy(Policy.Down.OPEN, false)).verdict(facts)))
        .isEqualTo(claim("preempted", 80));
  }

  @Test
  void home_leaves_other_clusters_runs_alone_while_the_service_is_unknown() {
    List<String> clusters = List.of("a", "b");
    String owner = new HomeCluster(clusters, "a").owns(point.runId()) ? "a" : "b";
    String other = owner.equals("a") ? "b" : "a";
    Facts facts = remote(new ClaimState.Unclaimed(), new Remote.Unknown("503"));
    Facts begun = remote(released(), new Remote.Unknown("503"));

    assertThat(summary(of(new HomeCluster(clusters, owner)).verdict(facts)))
        .isEqualTo(claim("unclaimed", -1));
    assertThat(summary(of(new HomeCluster(clusters, other)).verdict(facts)))
        .isEqualTo(wait("waiting"));
    assertThat(summary(of(new HomeCluster(clusters, other)).verdict(begun)))
        .isEqualTo(claim("preempted", 80));
  }

  private static Judge of(HomeCluster home) {
    return new Judge(
        new Policy(
            false,
            Policy.Down.HOME,
            home,
            Duration.ofHours(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(5),
            ATTEMPTS));
  }

  @Test
  void afresh_begins_nothing_that_cannot_be_read() {
    Facts facts = earlier(new ClaimState.Unclaimed(), "UNREADABLE");

    Verdict verdict = new Judge(policy(Policy.Down.HOME, true)).verdict(facts);

    assertThat(summary(verdict)).isEqualTo(wait("waiting"));
    assertThat(verdict.because().wayOut()).isEqualTo("Goes on once it can be read");
  }

  /** Without a goal: what holds for every config, and nothing else. */
  static Stream<Row> goalless() {
    ClaimState none = new ClaimState.Unclaimed();
    return Stream.of(
        row("a checkpoint that may be the last", earlier(none, "UNDECIDED"), wait("waiting")),
        row("finished there, or not", remote(none, there("finished", 399, 0)), wait("waiting")),
        row("live there", remote(none, there("running", 9, 30)), taken("elsewhere")),
        row(
            "a log of any config",
            facts(point, log(claimOf("other"), null)),
            claim("unclaimed", -1)),
        row("FINISH", facts(point, log(finish(), null)), ended("finished")),
        row("nothing at all", facts(point, none), claim("unclaimed", -1)));
  }

  @ParameterizedTest
  @MethodSource("goalless")
  void without_a_goal_only_what_holds_for_every_goal_is_said(Row row) {
    Facts facts = row.facts();
    Facts without =
        new Facts(
            facts.key(),
            null,
            null,
            null,
            facts.claim(),
            facts.earlier(),
            facts.remote(),
            facts.scheduler(),
            facts.sinceFailure(),
            facts.sinceLeft());

    for (boolean afresh : new boolean[] {false, true}) {
      assertThat(summary(new Judge(policy(Policy.Down.HOME, afresh)).verdict(without)))
          .isEqualTo(row.expected());
    }
  }

  @Test
  void the_same_facts_always_give_the_same_verdict() {
    Judge judge = new Judge(policy(Policy.Down.HOME, false));

    assertThat(table().map(Row::facts).map(judge::verdict).toList())
        .isEqualTo(table().map(Row::facts).map(judge::verdict).toList());
  }

  private static Policy policy(Policy.Down down, boolean afresh) {
    return new Policy(
        afresh,
        down,
        HomeCluster.everywhere(),
        Duration.ofHours(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(5),
        ATTEMPTS);
  }

  private static String summary(Verdict verdict) {
    String word = verdict.state().word();
    if (verdict instanceof Verdict.Claimable claimable) {
      PublishedCheckpoint resume = claimable.resume();
      return claim(word, resume == null ? -1 : resume.iter());
    }
    return verdict instanceof Verdict.Ended
        ? ended(word)
        : verdict instanceof Verdict.Taken ? taken(word) : wait(word);
  }

  private static String ended(String state) {
    return "ended " + state;
  }

  private static String taken(String state) {
    return "taken " + state;
  }

  private static String wait(String state) {
    return "not yet " + state;
  }

  private static String claim(String state, long from) {
    return "claimable " + state + " from " + from;
  }

  private static Row row(String name, Facts facts, String expected) {
    return new Row(name, facts, expected);
  }

  private static Facts facts(Point of, ClaimState claim) {
    return facts(of, null, claim, EarlierTraces.NONE, OFF, view(), NONE);
  }

  private static Facts refused(String why) {
    return facts(point, why, new ClaimState.Unclaimed(), EarlierTraces.NONE, OFF, view(), NONE);
  }

  private static Facts earlier(ClaimState claim, String kind) {
    EarlierTraces traces = new EarlierTraces(EarlierTraces.Kind.valueOf(kind), "a file", 400);
    return facts(point, null, claim, traces, OFF, view(), NONE);
  }

  private static Facts remote(ClaimState claim, Remote remote) {
    return facts(point, null, claim, EarlierTraces.NONE, remote, view(), NONE);
  }

  /** Of a worker in a Slurm task of which this is known. */
  private static Facts task(RecordType type, Scheduler.View view, long sinceLeft) {
    SlurmTask task = new SlurmTask("12", "12", "3", 0, "node7");
    Owner owner = new Owner("i", "w1", "local", "node7", "m", "b", 4, "5", "6", "ann", "cpu", task);
    LogEnd end = type == RecordType.RELEASE ? release(PUBLISHED) : end(type, PUBLISHED);
    LogEnd owned =
        new LogEnd(
            end.slot(),
            end.type(),
            end.epoch(),
            owner,
            end.written(),
            end.configSha256(),
            end.summary(),
            end.releaseReason(),
            end.detail(),
            end.finish());
    Liveness life = type == RecordType.RELEASE ? null : liveness(Liveness.Kind.EXPIRED, 90);
    return new Facts(
        point.key(),
        Goal.of(point.config()),
        null,
        null,
        log(owned, life),
        EarlierTraces.NONE,
        OFF,
        view,
        NONE,
        Duration.ofSeconds(sinceLeft));
  }

  private static Scheduler.View listed() {
    return new Scheduler.View.Present(new Scheduler.Job("12_3", "RUNNING", "", 0, null));
  }

  private static Facts suspended(ClaimState claim, String state) {
    Scheduler.View view =
        new Scheduler.View.Present(new Scheduler.Job("12_3", state, "None", 0, null));
    return facts(point, null, claim, EarlierTraces.NONE, OFF, view, NONE);
  }

  private static ClaimState claimedAlive() {
    return log(end(RecordType.CLAIM, FRESH), liveness(Liveness.Kind.LIVE, 0));
  }

  private static Facts returning(ClaimState claim) {
    return returning(claim, 0);
  }

  private static Facts returning(ClaimState claim, long sinceLeft) {
    Scheduler.Job job = new Scheduler.Job("12_3", "PENDING", "BeginTime", 1, null);
    Scheduler.View back = new Scheduler.View.Returning(job);
    Duration since = Duration.ofSeconds(sinceLeft);
    return facts(point, null, claim, EarlierTraces.NONE, OFF, back, NONE, since);
  }

  private static Facts gone(ClaimState claim, Remote remote) {
    Scheduler.View gone = new Scheduler.View.Gone("12_3", "is FAILED");
    return facts(point, null, claim, EarlierTraces.NONE, remote, gone, NONE);
  }

  private static Facts failedFor(long seconds) {
    ClaimState claim = log(end(RecordType.FAIL, FAILED), null);
    Duration age = Duration.ofSeconds(seconds);
    return facts(point, null, claim, EarlierTraces.NONE, OFF, view(), age);
  }

  private static Facts facts(
      Point of,
      @Nullable String refusal,
      ClaimState claim,
      EarlierTraces earlier,
      Remote remote,
      Scheduler.View view,
      Duration sinceFailure) {
    return facts(of, refusal, claim, earlier, remote, view, sinceFailure, NONE);
  }

  private static Facts facts(
      Point of,
      @Nullable String refusal,
      ClaimState claim,
      EarlierTraces earlier,
      Remote remote,
      Scheduler.View view,
      Duration sinceFailure,
      Duration sinceLeft) {
    return new Facts(
        of.key(),
        Goal.of(of.config()),
        of.invalid(),
        refusal,
        claim,
        earlier,
        remote,
        view,
        sinceFailure,
        sinceLeft);
  }

  private static Scheduler.View view() {
    return new Scheduler.View.Unknown("not asked");
  }

  private static Remote there(String state, long iter, long silentSeconds) {
    Duration silent = Duration.ofSeconds(silentSeconds);
    return new Remote.Found(new RemoteState(state, iter, silent), "north", NONE);
  }

  private static ClaimState released() {
    return log(release(PUBLISHED), null);
  }

  private static ClaimState dead() {
    return owned(Liveness.Kind.EXPIRED);
  }

  private static ClaimState silent() {
    return owned(Liveness.Kind.SILENT);
  }

  private static ClaimState claimedOnly() {
    return log(end(RecordType.CLAIM, FRESH), liveness(Liveness.Kind.PROVEN_DEAD, 0));
  }

  /** Given back because its worker leaves: what comes back is another life, with other plans. */
  private static ClaimState left() {
    String sha256 = point.config().sha256();
    return log(end(RecordType.RELEASE, PUBLISHED, ReleaseReason.SHUTDOWN, null, sha256), null);
  }

  private static ClaimState failed() {
    return log(end(RecordType.FAIL, FAILED), null);
  }

  private static ClaimState live() {
    return owned(Liveness.Kind.LIVE);
  }

  private static ClaimState owned(Liveness.Kind kind) {
    return log(end(RecordType.PUBLISH, PUBLISHED), liveness(kind, 90));
  }

  /** Nobody's claim, of no config, as stands for a slot that says nothing. */
  private static Facts torn(String kind) {
    Owner nobody = new Owner("", "unknown", "", "unknown", "", "", 0, "", "", "", "", null);
    LogEnd end =
        new LogEnd(
            1, RecordType.CLAIM, 1, nobody, Instant.EPOCH, "", LogSummary.EMPTY, null, "", null);
    return facts(point, log(end, liveness(Liveness.Kind.valueOf(kind), -1)));
  }

  private static Facts closed(Facts facts) {
    return facts.with(new Obstacle("belongs to ann", "ann mends it with: chmod"));
  }

  private static Facts owned(RecordType type, String kind, long iter) {
    LogSummary summary = type == RecordType.CLAIM ? FRESH : PUBLISHED;
    return facts(point, log(end(type, summary), liveness(Liveness.Kind.valueOf(kind), iter)));
  }

  private static Liveness liveness(Liveness.Kind kind, long iter) {
    return new Liveness(kind, "as the test says", null, NONE, iter, "train");
  }

  private static ClaimState log(LogEnd end, @Nullable Liveness owner) {
    return new ClaimState.Logged(end, owner);
  }

  private static LogEnd end(RecordType type, LogSummary summary) {
    return end(type, summary, null, null, point.config().sha256());
  }

  private static LogEnd release(LogSummary summary) {
    return end(RecordType.RELEASE, summary, ReleaseReason.PREEMPTED, null, point.config().sha256());
  }

  private static LogEnd held() {
    return end(RecordType.RELEASE, PUBLISHED, ReleaseReason.HELD, null, point.config().sha256());
  }

  private static ClaimState lost() {
    String sha256 = point.config().sha256();
    return log(end(RecordType.RELEASE, FRESH, ReleaseReason.LOST_RACE, null, sha256), null);
  }

  private static LogEnd finish() {
    Finish finish = new Finish(400, "0000400-e1", "m", "j", 401);
    return end(RecordType.FINISH, PUBLISHED, null, finish, point.config().sha256());
  }

  private static LogEnd claimOf(String sha256) {
    return end(RecordType.CLAIM, FRESH, null, null, sha256);
  }

  private static LogEnd end(
      RecordType type,
      LogSummary summary,
      @Nullable ReleaseReason reason,
      @Nullable Finish finish,
      String sha256) {
    return new LogEnd(3, type, 1, OWNER, Instant.EPOCH, sha256, summary, reason, "on TERM", finish);
  }

  record Row(String name, Facts facts, String expected) {
    @Override
    public String toString() {
      return name + " → " + expected;
    }
  }
}
