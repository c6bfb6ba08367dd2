package dev.sweeprunner.run.judge;

import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.Scheduler;

/** What is said of a run that somebody works on. */
public final class Ownership {
  private Ownership() {}

  /**
   * Whether it is trained while its checkpoints cannot be written, as its owner's beat says: what
   * is made then is lost with its worker.
   */
  public static boolean unsaved(Facts facts) {
    return facts.claim() instanceof ClaimState.Logged logged
        && logged.owner() != null
        && !logged.owner().dead()
        && logged.owner().unsaved().isPresent();
  }

  /** That it is taken, and what its owner does with it; the source is of the log's word. */
  static Verdict verdict(Facts facts, LogEnd end, Liveness owner, String source) {
    if (facts.scheduler() instanceof Scheduler.View.Present present && present.job().suspended()) {
      return new Verdict.Taken(State.SUSPENDED, suspended(end, present.job()));
    }
    boolean begun = owner.iter() > 0 || end.type() == RecordType.PUBLISH;
    State state = begun ? State.TRAINING : State.CLAIMED;
    return new Verdict.Taken(state, because(end, owner, source));
  }

  /** Why nobody else may have it. */
  private static Because because(LogEnd end, Liveness owner, String source) {
    return owner
        .unsaved()
        .map(why -> unsaved(end, owner, why, source))
        .orElseGet(
            () ->
                Because.now(
                    end.writer() + ": " + owner.how(),
                    source,
                    "Free when its beat has stood still for the expiry time"));
  }

  private static Because suspended(LogEnd end, Scheduler.Job job) {
    return Because.now(
        end.writer() + ": its Slurm job " + job.id() + " is " + job.state(),
        "squeue",
        "Goes on when Slurm resumes it; free when its beat has stood still for the expiry time");
  }

  private static Because unsaved(LogEnd end, Liveness owner, String why, String source) {
    PublishedCheckpoint newest = end.summary().checkpoint();
    String fact =
        end.writer()
            + (" trains it, now at iteration " + Math.max(0, owner.iter()))
            + (", but its checkpoints cannot be written" + (why.isEmpty() ? "" : " (" + why + ")"))
            + (newest == null
                ? "; it has none yet"
                : "; the newest is of iteration " + newest.iter());
    return Because.now(fact, source, "Mend that: each checkpoint that comes due is tried");
  }
}
