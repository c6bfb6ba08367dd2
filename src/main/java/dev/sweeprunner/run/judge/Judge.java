package dev.sweeprunner.run.judge;

import static dev.sweeprunner.run.judge.Because.now;

import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.EarlierTraces;
import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.Registry.Remote;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.RemoteState;
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
  private static final String WANDB = "W&B";
  private static final String LOCKS = "lock directory";
  private static final String RIGHTS = "rights of its folders";
  private static final String READABLE = "Goes on once it can be read";

  /**
   * For so long after a run was given back, what is known of Slurm may be older than that: whether
   * the task comes back shows after it.
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
        .or(() -> unreadable(facts))
        .or(() -> anotherProgram(facts))
        .or(() -> collision(facts))
        .or(() -> ended(facts))
        .or(() -> owned(facts))
        .or(() -> remote(facts))
        .or(() -> backingOff(facts))
        .or(() -> closed(facts))
        .orElseGet(() -> claimable(facts));
  }

  private static Optional<Verdict> config(Facts facts) {
    if (facts.invalid() != null) {
      return ended(
          State.INVALID, now(facts.invalid(), "config", "Correct the sweep file or its TOML"));
    }
    if (facts.refusal() != null) {
      return ended(
          State.INVALID, now(facts.refusal(), "trainer", "Change the config to what it trains"));
    }
    return Optional.empty();
  }

  private Optional<Verdict> anotherProgram(Facts facts) {
    EarlierTraces earlier =
        facts.claim() instanceof ClaimState.Logged ? EarlierTraces.NONE : facts.earlier();
    String what = earlier.detail();
    if (earlier.kind() == EarlierTraces.Kind.FINISHED) {
      return ended(
          State.FINISHED, now("the earlier runner finished it: " + what, "earlier runner", ""));
    }
    if (facts.claim() instanceof ClaimState.Foreign foreign) {
      return ended(
          State.FOREIGN,
          now(foreign.what(), LOCKS, "Stop the other program and remove its lock, if it is dead"));
    }
    return switch (earlier.kind()) {
      case LOCKED ->
          ended(State.FOREIGN, now(what, LOCKS, "Stop the other program and remove its lock"));
      case PARTIAL ->
          policy.afresh()
              ? Optional.empty()
              : ended(
                  State.FOREIGN,
                  now(
                      "the earlier runner left a partial checkpoint: " + what,
                      "earlier runner",
                      "Run with --afresh to start it from scratch beside the old files"));
      case UNREADABLE -> waiting(now(what, "run folder", READABLE));
      case UNDECIDED ->
          undecided("the earlier runner left a checkpoint: " + what, "earlier runner");
      case NONE, FINISHED -> Optional.empty();
    };
  }

  private static Optional<Verdict> collision(Facts facts) {
    LogEnd end = end(facts);
    Goal goal = facts.goal();
    if (end == null
        || goal == null
        || end.configSha256().isEmpty()
        || end.configSha256().equals(goal.configSha256())) {
      return Optional.empty();
    }
    return ended(
        State.INVALID,
        now(
            "its run id "
                + facts.key().runId()
                + " belongs to another config (SHA-256 "
                + end.configSha256().substring(0, Math.min(12, end.configSha256().length()))
                + "…)",
            slot(end),
            "Change any value of this point, for example its seed"));
  }

  private static Optional<Verdict> unreadable(Facts facts) {
    if (!(facts.claim() instanceof ClaimState.Unreadable unreadable)) {
      return Optional.empty();
    }
    return closed(facts).or(() -> waiting(now(unreadable.why(), LOCKS, READABLE)));
  }

  /** It is free, and this user may not write where it lives. */
  private static Optional<Verdict> closed(Facts facts) {
    return Optional.ofNullable(facts.obstacle())
        .flatMap(lacking -> waiting(now(lacking.fact(), RIGHTS, lacking.wayOut())));
  }

  private static Optional<Verdict> waiting(Because because) {
    return Optional.of(new Verdict.NotYet(State.WAITING, null, because));
  }

  /** Some goals make it finished and some do not, and this run's is not known. */
  private static Optional<Verdict> undecided(String fact, String source) {
    String open = fact + "; whether that is all its updates, only its config says";
    return waiting(now(open, source, "Give its sweep with --sweep"));
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
          now(end.detail(), slot(end), "Mend the cause, then: reset " + facts.key().runId()));
    }
    if (end.type() == RecordType.RELEASE && end.releaseReason() == ReleaseReason.HELD) {
      return ended(
          State.HELD,
          now("stopped by the user", slot(end), "To go on: reset " + facts.key().runId()));
    }
    return Optional.empty();
  }

  private static Optional<Verdict> ended(State state, Because because) {
    return Optional.of(new Verdict.Ended(state, because));
  }

  private Optional<Verdict> owned(Facts facts) {
    if (facts.claim() instanceof ClaimState.Empty empty && !empty.free()) {
      String way = "Free once the folder stayed empty for the expiry time";
      return taken(State.CLAIMED, now("somebody has just created its lock folder", LOCKS, way));
    }
    LogEnd end = end(facts);
    if (end == null) {
      return Optional.empty();
    }
    Liveness owner = ((ClaimState.Logged) facts.claim()).owner();
    if (owner != null && !owner.dead()) {
      return Optional.of(Ownership.verdict(facts, end, owner, slot(end)));
    }
    return comesBack(facts, end);
  }

  private static Optional<Verdict> taken(State state, Because because) {
    return Optional.of(new Verdict.Taken(state, because));
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
    String fact = "Slurm task " + task + what;
    String way = "Free when that task does not come back in time";
    return wait(State.PREEMPTED, longest.minus(since), now(fact, "squeue", way));
  }

  /** Not yet while there is time left. */
  private static Optional<Verdict> wait(State state, Duration left, Because because) {
    return left.isNegative() || left.isZero()
        ? Optional.empty()
        : Optional.of(new Verdict.NotYet(state, left, because));
  }

  private Optional<Verdict> remote(Facts facts) {
    if (facts.remote() instanceof Remote.Adopted adopted) {
      return ended(
          State.ELSEWHERE,
          new Because(
              "finished as " + adopted.as(),
              WANDB,
              adopted.age(),
              "Run with --no-adopt to train it again under its own id"));
    }
    if (facts.remote() instanceof Remote.Unknown unknown
        && policy.closes(facts.key().runId(), local(facts))) {
      return waiting(
          now(unknown.why(), WANDB, "Goes on when it answers, or with --wandb-down open"));
    }
    return facts.remote() instanceof Remote.Found found ? found(facts, found) : Optional.empty();
  }

  private Optional<Verdict> found(Facts facts, Remote.Found found) {
    RemoteState state = found.state();
    Goal goal = facts.goal();
    if (state.finished()) {
      String fact = "finished at iteration " + state.iter();
      if (goal == null) {
        return undecided(fact, WANDB);
      }
      return state.whole(goal)
          ? ended(State.ELSEWHERE, new Because(fact, WANDB, found.age(), ""))
          : Optional.empty();
    }
    if (local(facts) || state.silent() == null) {
      return Optional.empty();
    }
    String by = found.cluster() == null ? "another cluster" : "cluster " + found.cluster();
    if (state.live(policy.live())) {
      String fact = by + " is training it";
      return taken(
          State.ELSEWHERE, new Because(fact, WANDB, found.age(), "Free when it ends there"));
    }
    String fact = by + " left it " + state.word();
    String way = "Left to its own cluster for a grace time";
    Duration left = policy.crashGrace().minus(state.silent());
    return wait(State.WAITING, left, new Because(fact, WANDB, found.age(), way));
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
    Because because = now(failed(end), slot(end), "Tried again after the back-off");
    return wait(State.FAILED, left, because);
  }

  private static Verdict claimable(Facts facts) {
    LogEnd end = end(facts);
    if (end == null) {
      return new Verdict.Claimable(
          State.UNCLAIMED, null, now("nobody has worked on it", LOCKS, ""));
    }
    PublishedCheckpoint checkpoint = end.summary().checkpoint();
    Liveness owner = ((ClaimState.Logged) facts.claim()).owner();
    State state;
    String fact;
    if (owner != null) {
      state = State.STALE;
      fact =
          deadInSlurm(facts)
              + end.writer()
              + (end.unreadable() ? ": " : " is gone: ")
              + owner.how();
    } else if (end.type() == RecordType.FAIL) {
      state = State.FAILED;
      fact = failed(end);
    } else if (end.type() == RecordType.RELEASE) {
      state = State.PREEMPTED;
      fact = end.owner().worker() + " gave it back: " + end.detail();
    } else {
      state = checkpoint == null ? State.UNCLAIMED : State.PREEMPTED;
      fact = "free since " + slot(end);
    }
    String from = checkpoint == null ? "; no checkpoint yet" : "; checkpoint " + checkpoint.name();
    return new Verdict.Claimable(state, checkpoint, now(fact + from, slot(end), ""));
  }

  /**
   * The word that users of the earlier runner know, where W&B cannot have noticed the death yet.
   */
  private static String deadInSlurm(Facts facts) {
    return facts.scheduler() instanceof Scheduler.View.Gone
            && facts.remote() instanceof Remote.Found found
            && found.state().working()
        ? "dead-slurm, though W&B says " + found.state().word() + ": "
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
    return "claim log record " + end.slot();
  }
}
