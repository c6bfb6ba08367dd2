package dev.sweeprunner.slurm;

import dev.sweeprunner.process.Command.Outcome;
import dev.sweeprunner.run.TaskQueue.Refusal;
import java.util.regex.Pattern;

/**
 * Why {@code sbatch} did not submit, by what it said: the sentences of Slurm's {@code
 * slurm_errno.c}, which have been the same from 20.11 to 26.05, and the reasons that the controller
 * sends before them.
 */
final class Refusals {
  /** A limit on the number of jobs: by association or QOS, of the controller, of an array. */
  private static final Pattern TOO_MANY =
      Pattern.compile(
          "(Assoc|QOS)\\w*Submit\\w*|MaxSubmitJobs\\w*" // the reason, where slurmctld sends it
              + "|MaxJobCount limit reached"
              + "|Invalid job array specification" // an index at or above MaxArraySize
              // MaxJobCount, in versions that answer it by "try again".
              + "|temporarily unable to accept job|job queue full"
              + "|Resource temporarily unavailable");

  /** A limit on what one job may be: with fewer tasks it is broken all the same. */
  private static final Pattern TOO_LARGE =
      Pattern.compile("(Assoc|QOS)(Grp|Max|Min)\\w+|Max\\w+Per(Account|User)");

  /** Which of the limits it was is not said by every version. */
  private static final Pattern POLICY = Pattern.compile("violates accounting/QOS policy");

  private static final Pattern NO_ANSWER =
      Pattern.compile(
          "Unable to contact slurm controller|timed out|Connection|connect failure"
              + "|Communication|Message (send|receive) failure|Zero Bytes were transmitted"
              + "|in standby mode|Protocol authentication error"
              + "|Unexpected message received|Socket");

  private Refusals() {}

  /** Why a command that ended otherwise than with 0 was not done. */
  static Refusal of(Outcome outcome) {
    if (outcome instanceof Outcome.TimedOut late) {
      // sbatch itself tries again and again where there is no place for the job.
      return TOO_MANY.matcher(late.err()).find() ? Refusal.LIMIT : Refusal.UNREACHABLE;
    }
    return outcome instanceof Outcome.Ended ended ? of(ended.err()) : Refusal.INVALID;
  }

  private static Refusal of(String said) {
    if (TOO_MANY.matcher(said).find()) {
      return Refusal.LIMIT;
    }
    if (TOO_LARGE.matcher(said).find()) {
      return Refusal.INVALID;
    }
    if (POLICY.matcher(said).find()) {
      return Refusal.LIMIT;
    }
    return NO_ANSWER.matcher(said).find() ? Refusal.UNREACHABLE : Refusal.INVALID;
  }
}
