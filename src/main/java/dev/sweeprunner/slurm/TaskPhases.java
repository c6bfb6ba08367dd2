package dev.sweeprunner.slurm;

import dev.sweeprunner.run.BatchTask.Phase;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What may be expected of a task, by Slurm's words for its state and its reason.
 *
 * <p>The reasons are those of Slurm's {@code src/common/job_state_reason.c}, explained in its
 * {@code job_reason_codes.html}; in place of one, {@code squeue} prints the controller's own
 * sentence where there is one ({@code state_desc}). A word that is not in the table says of a
 * queued task that it waits as tasks do: {@code Resources}, {@code Priority}, {@code BeginTime}
 * (each requeue), {@code JobArrayTaskLimit}, {@code Licenses} and burst buffers (others give them
 * back), {@code Cleaning}, {@code Prolog}, {@code SchedDefer}.
 */
final class TaskPhases {
  /** States of a job of which nothing is left but Slurm's memory. */
  static final Set<String> ENDED =
      Set.of(
          "BOOT_FAIL",
          "CANCELLED",
          "COMPLETED",
          "DEADLINE",
          "FAILED",
          "NODE_FAIL",
          "OUT_OF_MEMORY",
          "PREEMPTED",
          "REVOKED",
          "SPECIAL_EXIT",
          "TIMEOUT");

  private static final Set<String> QUEUED = Set.of("PENDING", "REQUEUED", "REQUEUE_FED");

  /** Queued, and held by a flag of the state itself; SPECIAL_EXIT too, until it is released. */
  private static final Set<String> HELD_STATES =
      Set.of("REQUEUE_HOLD", "RESV_DEL_HOLD", "SPECIAL_EXIT");

  private static final Set<String> SUSPENDED = Set.of("SUSPENDED", "STOPPED");

  /** The task starts only after somebody has acted on it. */
  private static final List<Pattern> HELD =
      words(
          // By its user or an administrator (squeue's Nice and Priority 0 alike).
          "JobHeldAdmin",
          "JobHeldUser",
          // Requeued more often than MAX_BATCH_REQUEUE.
          "JobHoldMaxRequeue",
          "REQUEUE_HOLD",
          // The controller's sentences: "launch failed requeued held", "job requeued in held
          // state", "user env retrieval failed requeued held".
          ".*\\bheld\\b.*",
          // What it depends on has ended otherwise.
          "DependencyNeverSatisfied",
          // Failed, and held for it.
          "BurstBufferOperation");

  /** The task may wait for ever, whatever becomes free: another profile serves better. */
  private static final List<Pattern> BLOCKED =
      words(
          // Until another job ends, which may never be.
          "Dependency",
          // The partition is closed or never takes such a job, or the job no such partition.
          "Partition(Config|Down|Inactive|NodeLimit|TimeLimit)",
          // No node has, or has at present, what is asked for.
          "BadConstraints",
          "Constraints",
          "ReqNodeNotAvail",
          "MaxMemPerLimit",
          // Days may pass until it begins; one that is gone never does.
          "Reservation(Deleted|Invalid)?",
          // Who asks is not let in.
          "Invalid(Account|QOS)",
          "(Account|QOS)NotAllowed",
          // A limit of the association or the QOS, of one job or of all together: more tasks of
          // this kind only wait behind it. AssocGrp..., AssocMax..., QOSGrp..., QOSMax...,
          // QOSMin...,
          // AssociationJobLimit, MaxCpuPerAccount, MaxCpuRunMinsPerUser, and their likes.
          "(Assoc|QOS)\\w+",
          "Max\\w+Per(Account|User)",
          "AccountingPolicy");

  private TaskPhases() {}

  /** The phase of a task in this state, for this reason. */
  static Phase of(String state, String reason) {
    if (HELD_STATES.contains(state)) {
      return Phase.BLOCKED;
    }
    if (ENDED.contains(state)) {
      return Phase.ENDED;
    }
    if (QUEUED.contains(state)) {
      return blocked(reason) ? Phase.BLOCKED : Phase.PENDING;
    }
    return SUSPENDED.contains(state) ? Phase.SUSPENDED : Phase.RUNNING;
  }

  /** Whether a queued task with this reason does not start before somebody has acted on it. */
  static boolean held(String reason) {
    return is(HELD, reason);
  }

  private static boolean blocked(String reason) {
    return is(HELD, reason) || is(BLOCKED, reason);
  }

  private static boolean is(List<Pattern> table, String reason) {
    return table.stream().anyMatch(word -> word.matcher(reason).matches());
  }

  /** Each alone, or before what squeue adds: {@code ReqNodeNotAvail, UnavailableNodes:n1}. */
  private static List<Pattern> words(String... words) {
    return List.of(words).stream().map(word -> Pattern.compile(word + "(?:[ ,(].*)?")).toList();
  }
}
