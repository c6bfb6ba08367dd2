package dev.sweeprunner.run.judge;

import static dev.sweeprunner.run.judge.Because.now;

import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.EarlierTraces;
import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.Registry.Remote;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.SlurmTask;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what may happen to one point. Pure: the same facts always give the same verdict, whoever
 * asks: the worker, {@code status}, {@code plan} and {@code explain}.
 *
 * <p>The rules are asked in their order; the first that has an opinion wins.
 */
public final class Judge {
  private static final String SERVICE = "W&B";

  /**
   * For so long after a run was given back, what is known of the batch system may be older than
   * that: whether the task comes back shows after it.
   */
  private static final Duration LEAVING = Duration.ofMinutes(1);

  private final Policy policy;

  /** A judge with the user's choices. */
  public Judge(Policy policy) {
    this.policy = policy;
  }

  /** The verdict on one point. */
  public Verdict verdict(Facts facts) {
    return config(facts)
        .or(() -> anotherProgram(facts))
        .or(() -> collision(facts))
        .or(() -> unreadable(facts))
        .or(() -> ended(facts))
        .or(() -> owned(facts))
        .or(() -> remote(facts))
        .or(() -> backingOff(facts))
        .orElseGet(() -> claimable(facts));
  }

  private static Optional<Verdict> config(Facts facts) {
    String invalid = facts.point().invalid();
    if (invalid != null) {
      return ended(State.INVALID, now(invalid, "config", "Correct the sweep file or its TOML"));
    }
    if (facts.refusal() != null) {
      return ended(
          State.INVALID, now(facts.refusal(), "trainer", "Change the config to what it trains"));
    }
    return Optional.empty();
  }

  private Optional<Verdict> anotherProgram(Facts facts) {
    EarlierTraces earlier = facts.earlier();
    boolean ours = facts.claim() instanceof ClaimState.Logged;
    if (earlier.kind() == EarlierTraces.Kind.FINISHED && !ours) {
      return ended(
          State.FINISHED,
          now("the earlier runner finished it: " + earlier.detail(), "earlier runner", ""));
    }
    if (facts.claim() instanceof ClaimState.Foreign foreign) {
      return ended(
          State.FOREIGN,
          now(
              foreign.what(),
              "lock directory",
              "Stop the other program and remove its lock, if it is dead"));
    }
    if (earlier.kind() == EarlierTraces.Kind.LOCKED && !ours) {
      return ended(
          State.FOREIGN,
          now(earlier.detail(), "lock directory", "Stop the other program and remove its lock"));
    }
    if (earlier.kind() == EarlierTraces.Kind.PARTIAL && !ours && !policy.afresh()) {
      return ended(
          State.FOREIGN,
          now(
              "the earlier runner left a partial checkpoint: " + earlier.detail(),
              "earlier runner",
              "Run with --afresh to start it from scratch beside the old files"));
    }
    return Optional.empty();
  }

  private static Optional<Verdict> collision(Facts facts) {
    LogEnd end = end(facts);
    if (end == null || end.configSha256().equals(facts.point().config().sha256())) {
      return Optional.empty();
    }
    return ended(
        State.INVALID,
        now(
            "its run id "
                + facts.point().runId()
                + " belongs to another config (SHA-256 "
                + end.configSha256().substring(0, Math.min(12, end.configSha256().length()))
                + "…)",
            slot(end),
            "Change any value of this point, for example its seed"));
  }

  private static Optional<Verdict> unreadable(Facts facts) {
    if (facts.claim() instanceof ClaimState.Unreadable unreadable) {
      return Optional.of(
          new Verdict.NotYet(
              State.WAITING,
              null,
              now(unreadable.why(), "lock directory", "Goes on once the folder can be read")));
    }
    return Optional.empty();
  }

  private static Optional<Verdict> ended(Facts facts) {
    LogEnd end = end(facts);
    if (end == null) {
      return Optional.empty();
    }
    if (end.type() == RecordType.FINISH) {
      Finish finish = end.finish();
      String at = finish == null ? "" : " at iteration " + finish.iter();
      return ended(State.FINISHED, now("finished" + at, slot(end), ""));
    }
    if (end.type() == RecordType.POISON) {
      return ended(
          State.POISONED,
          now(end.detail(), slot(end), "Mend the cause, then: reset " + facts.point().runId()));
    }
    if (end.type() == RecordType.RELEASE && end.releaseReason() == ReleaseReason.HELD) {
      return ended(
          State.HELD,
          now("stopped by the user", slot(end), "To go on: reset " + facts.point().runId()));
    }
    return Optional.empty();
  }

  private static Optional<Verdict> ended(State state, Because because) {
    return Optional.of(new Verdict.Ended(state, because));
  }

  private Optional<Verdict> owned(Facts facts) {
    if (facts.claim() instanceof ClaimState.Empty empty && !empty.free()) {
      return Optional.of(
          new Verdict.Taken(
              State.CLAIMED,
              now(
                  "somebody has just created its lock folder",
                  "lock directory",
                  "Free once the folder stayed empty for the expiry time")));
    }
    LogEnd end = end(facts);
    if (end == null) {
      return Optional.empty();
    }
    Liveness owner = ((ClaimState.Logged) facts.claim()).owner();
    if (owner != null && !owner.dead()) {
      State state =
          owner.iter() > 0 || end.type() == RecordType.PUBLISH ? State.TRAINING : State.CLAIMED;
      String fact = end.owner().worker() + " on " + end.owner().host() + ": " + owner.how();
      return Optional.of(
          new Verdict.Taken(
              state,
              now(fact, slot(end), "Free when its beat has stood still for the expiry time")));
    }
    return comesBack(facts, end);
  }

  /** A requeued task is given time to come back for the run that it was taken from. */
  private Optional<Verdict> comesBack(Facts facts, LogEnd end) {
    boolean released = end.releaseReason() == ReleaseReason.PREEMPTED;
    boolean taken = end.type() == RecordType.CLAIM || end.type() == RecordType.PUBLISH || released;
    Scheduler.View view = facts.scheduler();
    if (taken && view instanceof Scheduler.View.Returning returning) {
      Scheduler.Job job = returning.job();
      String why = job.reason().isEmpty() ? "" : ", " + job.reason();
      String comes = " comes back for it (" + job.state() + why + ")";
      return leftTo(job.id(), comes, policy.comeBack(), facts.sinceLeft());
    }
    SlurmTask task = end.owner().slurm();
    if (released && task != null && !(view instanceof Scheduler.View.Gone)) {
      return leftTo(task.display(), " has just left it", LEAVING, facts.sinceLeft());
    }
    return Optional.empty();
  }

  private static Optional<Verdict> leftTo(
      String task, String what, Duration longest, Duration since) {
    Duration left = longest.minus(since);
    if (left.isNegative() || left.isZero()) {
      return Optional.empty();
    }
    return Optional.of(
        new Verdict.NotYet(
            State.PREEMPTED,
            left,
            now(
                "Slurm task " + task + what,
                "squeue",
                "Free when that task does not come back in time")));
  }

  private Optional<Verdict> remote(Facts facts) {
    if (facts.remote() instanceof Remote.Adopted adopted) {
      return ended(
          State.ELSEWHERE,
          new Because(
              "finished as " + adopted.as(),
              SERVICE,
              adopted.age(),
              "Run with --no-adopt to train it again under its own id"));
    }
    if (facts.remote() instanceof Remote.Unknown unknown
        && policy.closes(facts.point().runId(), local(facts))) {
      return Optional.of(
          new Verdict.NotYet(
              State.WAITING,
              null,
              now(unknown.why(), SERVICE, "Goes on when it answers, or with --wandb-down open")));
    }
    if (facts.remote() instanceof Remote.Found found) {
      return found(facts, found);
    }
    return Optional.empty();
  }

  private Optional<Verdict> found(Facts facts, Remote.Found found) {
    var training = facts.point().config().training();
    if (found.state().equals("finished")) {
      boolean whole = found.iter() >= training.maxIters() - training.logInterval();
      return whole
          ? ended(
              State.ELSEWHERE,
              new Because("finished at iteration " + found.iter(), SERVICE, found.age(), ""))
          : Optional.empty();
    }
    Duration silent = found.sinceHeartbeat();
    if (local(facts) || silent == null) {
      return Optional.empty();
    }
    String by = found.cluster() == null ? "another cluster" : "cluster " + found.cluster();
    if (found.state().equals("running") && silent.compareTo(policy.heartbeatFresh()) <= 0) {
      return Optional.of(
          new Verdict.Taken(
              State.ELSEWHERE,
              new Because(
                  by + " is training it", SERVICE, found.age(), "Free when it ends there")));
    }
    Duration left = policy.crashGrace().minus(silent);
    if (!left.isNegative() && !left.isZero()) {
      return Optional.of(
          new Verdict.NotYet(
              State.WAITING,
              left,
              new Because(
                  by + " left it " + found.state(),
                  SERVICE,
                  found.age(),
                  "Left to its own cluster for a grace time")));
    }
    return Optional.empty();
  }

  /** A log that ended in a lost race says that the run is another cluster's. */
  public static boolean local(Facts facts) {
    LogEnd end = end(facts);
    return end != null
        && !(end.type() == RecordType.RELEASE && end.releaseReason() == ReleaseReason.LOST_RACE);
  }

  private Optional<Verdict> backingOff(Facts facts) {
    LogEnd end = end(facts);
    if (end == null || end.type() != RecordType.FAIL) {
      return Optional.empty();
    }
    Duration left = policy.retryPolicy().wait(end.summary()).minus(facts.sinceFailure());
    if (left.isNegative() || left.isZero()) {
      return Optional.empty();
    }
    return Optional.of(
        new Verdict.NotYet(
            State.FAILED, left, now(failed(end), slot(end), "Tried again after the back-off")));
  }

  private static Verdict claimable(Facts facts) {
    LogEnd end = end(facts);
    if (end == null) {
      return new Verdict.Claimable(
          State.UNCLAIMED, null, now("nobody has worked on it", "lock directory", ""));
    }
    PublishedCheckpoint checkpoint = end.summary().checkpoint();
    Liveness owner = ((ClaimState.Logged) facts.claim()).owner();
    String from = checkpoint == null ? "; no checkpoint yet" : "; checkpoint " + checkpoint.name();
    if (owner != null) {
      String fact =
          deadInSlurm(facts)
              + end.owner().worker()
              + " on "
              + end.owner().host()
              + " is gone: "
              + owner.how();
      return new Verdict.Claimable(State.STALE, checkpoint, now(fact + from, slot(end), ""));
    }
    return switch (end.type()) {
      case FAIL ->
          new Verdict.Claimable(State.FAILED, checkpoint, now(failed(end) + from, slot(end), ""));
      case RELEASE ->
          new Verdict.Claimable(
              State.PREEMPTED,
              checkpoint,
              now(end.owner().worker() + " gave it back: " + end.detail() + from, slot(end), ""));
      default ->
          new Verdict.Claimable(
              checkpoint == null ? State.UNCLAIMED : State.PREEMPTED,
              checkpoint,
              now("free since " + slot(end) + from, slot(end), ""));
    };
  }

  /**
   * The word that users of the earlier runner know, where W&B cannot have noticed the death yet.
   */
  private static String deadInSlurm(Facts facts) {
    boolean running =
        facts.remote() instanceof Remote.Found found && found.state().equals("running");
    return running && facts.scheduler() instanceof Scheduler.View.Gone
        ? "dead-slurm, though W&B says running: "
        : "";
  }

  private static String failed(LogEnd end) {
    Failure last = end.summary().lastFailure();
    return last == null
        ? "its last attempt failed"
        : "failed on " + last.host() + " (" + end.summary().failures() + "x): " + last.message();
  }

  private static @Nullable LogEnd end(Facts facts) {
    return facts.claim() instanceof ClaimState.Logged logged ? logged.end() : null;
  }

  private static String slot(LogEnd end) {
    return "claim log slot " + end.slot();
  }
}
