package dev.sweeprunner.testkit;

import dev.sweeprunner.claim.ClaimPorts;
import dev.sweeprunner.claim.ClaimSettings;
import dev.sweeprunner.claim.DirectoryClaims;
import dev.sweeprunner.config.Point;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.EarlierTraces;
import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.LogSummary;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.judge.Facts;
import dev.sweeprunner.run.judge.HomeCluster;
import dev.sweeprunner.run.judge.Judge;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.Policy;
import dev.sweeprunner.run.judge.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Claim states as a lock directory would give them, and statuses that the real judge made of them.
 */
public final class Situations {
  /** When every record of these logs was written. */
  public static final Instant WRITTEN = Instant.parse("2026-01-01T00:00:00Z");

  /** The policy of a worker that does not use W&amp;B. */
  public static final Policy POLICY =
      new Policy(
          false,
          Policy.Down.HOME,
          HomeCluster.everywhere(),
          Duration.ofHours(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(5),
          new RetryPolicy(3, 2, 5, 5, 2, Duration.ofSeconds(60), Duration.ofMinutes(30)));

  private Situations() {}

  /** A worker's process; its incarnation is {@code i-} and its name. */
  public static Owner owner(String worker) {
    SlurmTask task = new SlurmTask("124", "123", "4", 0, "node7");
    return new Owner(
        "i-" + worker, worker, "local", "node7", "m", "b", 42, "1", "2", "ann", "cpu", task);
  }

  /** A worker that is task {@code index} of array 123, in its first life. */
  public static Owner task(String worker, int index) {
    Owner owner = owner(worker);
    return new Owner(
        owner.incarnation(),
        worker,
        owner.cluster(),
        owner.host(),
        owner.machineId(),
        owner.bootId(),
        owner.pid(),
        owner.pidStart(),
        owner.pidNamespace(),
        owner.user(),
        owner.device(),
        new SlurmTask(Integer.toString(200 + index), "123", Integer.toString(index), 0, "node7"));
  }

  /** The same log, but its newest record is somebody else's. */
  public static ClaimState by(Owner owner, ClaimState claim) {
    ClaimState.Logged logged = (ClaimState.Logged) claim;
    LogEnd end = logged.end();
    return new ClaimState.Logged(
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
            end.finish()),
        logged.owner());
  }

  /** A claim that was given back at once, since another cluster has the run. */
  public static ClaimState lost(Point point) {
    ClaimState.Logged logged = (ClaimState.Logged) stale(point, 80);
    LogEnd end = logged.end();
    return new ClaimState.Logged(
        new LogEnd(
            end.slot(),
            RecordType.RELEASE,
            end.epoch(),
            end.owner(),
            end.written(),
            end.configSha256(),
            LogSummary.EMPTY,
            ReleaseReason.LOST_RACE,
            "it is trained on cluster north",
            null),
        null);
  }

  /** The claims under a storage root as one sees them who only looks. */
  public static Claims claims(Layout layout) {
    return new DirectoryClaims(
        layout,
        new LocalFiles(),
        owner("looker"),
        ClaimSettings.DEFAULT,
        new ClaimPorts(
            new SettableClock(),
            time -> {},
            judged -> Processes.Verdict.UNKNOWN,
            Trace.OFF,
            List::of));
  }

  /** A checkpoint of the first epoch. */
  public static PublishedCheckpoint checkpoint(long iter) {
    String name = String.format("%07d-e1", iter);
    return new PublishedCheckpoint(iter, 1, name, "m", false, 0, name + ".jsonl", "s", iter);
  }

  /** The newest record of a log in slot 3, epoch 1, by worker w1. */
  public static LogEnd end(Point point, RecordType type, LogSummary summary) {
    return end(point, type, summary, null, "", null);
  }

  private static LogEnd end(
      Point point,
      RecordType type,
      LogSummary summary,
      @Nullable ReleaseReason reason,
      String detail,
      @Nullable Finish finish) {
    return new LogEnd(
        3, type, 1, owner("w1"), WRITTEN, point.config().sha256(), summary, reason, detail, finish);
  }

  /** Trained by w1, whose beat this process has seen change. */
  public static ClaimState training(Point point, long iter) {
    Liveness live = life(Liveness.Kind.LIVE, "beat changed 4 s ago", null, iter);
    return new ClaimState.Logged(end(point, RecordType.CLAIM, claimed()), live);
  }

  /** Trained by w1, whose beat is this old by file time. */
  public static ClaimState silent(Point point, long iter, Duration silence) {
    Liveness silent = life(Liveness.Kind.SILENT, "beat not watched yet", silence, iter);
    return new ClaimState.Logged(end(point, RecordType.CLAIM, claimed()), silent);
  }

  /** As above, with this phase in its beat. */
  public static ClaimState silent(Point point, long iter, Duration silence, String phase) {
    ClaimState.Logged logged = (ClaimState.Logged) silent(point, iter, silence);
    return new ClaimState.Logged(
        logged.end(),
        new Liveness(
            Liveness.Kind.SILENT, "beat not watched yet", silence, Duration.ZERO, iter, phase));
  }

  /** Trained by w1, seen alive, with a checkpoint and this phase in its beat. */
  public static ClaimState published(Point point, long checkpointIter, long iter, String phase) {
    Liveness live =
        new Liveness(Liveness.Kind.LIVE, "beat changed 4 s ago", null, Duration.ZERO, iter, phase);
    LogSummary summary = claimed().published(checkpoint(checkpointIter));
    return new ClaimState.Logged(end(point, RecordType.PUBLISH, summary), live);
  }

  /** Left by w1, whose process is gone. */
  public static ClaimState stale(Point point, long checkpointIter) {
    Liveness dead = life(Liveness.Kind.PROVEN_DEAD, "pid 42 of this boot is gone", null, -1);
    LogSummary summary = claimed().published(checkpoint(checkpointIter));
    return new ClaimState.Logged(end(point, RecordType.PUBLISH, summary), dead);
  }

  /** Given back in order. */
  public static ClaimState preempted(Point point, long checkpointIter) {
    LogSummary summary = claimed().published(checkpoint(checkpointIter));
    return released(point, summary, ReleaseReason.PREEMPTED, "SIGTERM");
  }

  /** Stopped by the user. */
  public static ClaimState held(Point point) {
    return released(point, claimed(), ReleaseReason.HELD, "stopped");
  }

  private static ClaimState released(
      Point point, LogSummary summary, ReleaseReason why, String detail) {
    return new ClaimState.Logged(end(point, RecordType.RELEASE, summary, why, detail, null), null);
  }

  /** Failed once. */
  public static ClaimState failed(Point point, String message) {
    LogSummary summary = claimed().failed(new Failure(FailureClass.INFRA, message, "node7"));
    return new ClaimState.Logged(end(point, RecordType.FAIL, summary), null);
  }

  /** Given up. */
  public static ClaimState poisoned(Point point, String why) {
    return new ClaimState.Logged(end(point, RecordType.POISON, claimed(), null, why, null), null);
  }

  /** Finished here. */
  public static ClaimState finished(Point point) {
    long iters = point.config().maxIters();
    Finish finish = new Finish(iters, checkpoint(iters).name(), "m", "j", iters + 1);
    LogSummary summary = claimed().published(checkpoint(iters));
    return new ClaimState.Logged(end(point, RecordType.FINISH, summary, null, "", finish), null);
  }

  /** What the judge says to this claim state, without a row. */
  public static PointStatus pointStatus(Point point, ClaimState claim) {
    return pointStatus(point, claim, null);
  }

  /** As above, with the newest row. */
  public static PointStatus pointStatus(Point point, ClaimState claim, @Nullable Row newest) {
    Facts facts = facts(point, claim, new Registry.Remote.NotAsked("W&B is disabled"));
    return new PointStatus(point, facts, new Judge(POLICY).verdict(facts), newest);
  }

  /** These facts and nothing else. */
  public static Facts facts(Point point, ClaimState claim, Registry.Remote remote) {
    return new Facts(
        point.key(),
        Goal.of(point.config()),
        point.invalid(),
        null,
        claim,
        EarlierTraces.NONE,
        remote,
        new Scheduler.View.Unknown("Slurm was not asked"),
        Duration.ZERO,
        Duration.ofHours(1));
  }

  /** A row of these metrics, given as name and value in turn. */
  public static Row row(long step, Object... metrics) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (int i = 0; i < metrics.length; i += 2) {
      values.put((String) metrics[i], (Double) metrics[i + 1]);
    }
    return new Row(step, values, Map.of());
  }

  private static LogSummary claimed() {
    return LogSummary.EMPTY.claimed(false);
  }

  private static Liveness life(
      Liveness.Kind kind, String how, @Nullable Duration silent, long iter) {
    return new Liveness(kind, how, silent, Duration.ZERO, iter, "");
  }
}
