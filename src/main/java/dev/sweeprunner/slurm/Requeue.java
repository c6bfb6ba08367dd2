package dev.sweeprunner.slurm;

import dev.sweeprunner.process.Command.Outcome;
import dev.sweeprunner.run.RequeuePolicy;
import dev.sweeprunner.run.SlurmTask;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A worker leaves its job with work undone: has Slurm bring the task back where it would not do so
 * by itself.
 *
 * <p>Slurm requeues what it preempted, unless the site has it cancelled. It does not requeue a task
 * that reached its time limit, nor one that ends by itself after an early warning or within a grace
 * period; and one that a person cancelled must not come back. Which of these it was is read from
 * {@code scontrol show job}; never is it told by an exit code. A task whose start takes longer than
 * its time comes back once: no second time in a row for nothing.
 */
final class Requeue {
  private static final Pattern MEMBER = Pattern.compile("(?:^|\\s)([A-Za-z/:_]+)=(\\S*)");

  /** States of a job whose batch script has ended while this process, its child, still runs. */
  private static final Set<String> OUTLIVED = Set.of("FAILED", "COMPLETED");

  private final SlurmCommands slurmCommands;
  private final SlurmTask own;
  private final Duration timeout;
  private final RequeuePolicy policy;
  private final TaskLives lives;

  /**
   * A departure of this process.
   *
   * @param timeout of one question
   * @param policy what the task comes back from
   * @param lives what it has brought so far
   */
  Requeue(
      SlurmCommands slurmCommands,
      SlurmTask own,
      Duration timeout,
      RequeuePolicy policy,
      TaskLives lives) {
    this.slurmCommands = slurmCommands;
    this.own = own;
    this.timeout = timeout;
    this.policy = policy;
    this.lives = lives;
  }

  /** Asks Slurm how the job of this task stands. */
  static Outcome show(SlurmCommands slurmCommands, SlurmTask own, Duration timeout) {
    return slurmCommands.run(timeout, List.of("scontrol", "-o", "show", "job", own.display()));
  }

  /**
   * Asks Slurm, and has the task requeued if that is needed. The requeue sends a further SIGTERM to
   * this process.
   *
   * @param warned whether an early warning or the end of the time made the worker leave; false for
   *     a SIGTERM, which has many causes
   * @return what became of it, one sentence or two for the user
   */
  String leave(boolean warned) {
    Outcome shown = show(slurmCommands, own, timeout);
    if (!(shown instanceof Outcome.Ended ended) || ended.exit() != 0) {
      String why = SlurmCommands.why("scontrol", shown);
      return warned
          ? afterLimit()
          : "Whether Slurm brings task " + id() + " back is unknown: " + why + ".";
    }
    Map<String, String> job = members(ended.out());
    return switch (fate(job, warned)) {
      case COMES_BACK -> "Slurm has requeued task " + id() + ": it comes back.";
      case CANCELLED -> "Task " + id() + " was cancelled: it does not come back.";
      case LET_GO ->
          "Task " + id() + " ends by a signal that was not Slurm's: it does not come back.";
      case LIMIT -> afterLimit();
      case PREEMPTED -> afterPreemption(job);
    };
  }

  /** What Slurm is about to do with this life of the task. */
  Fate fate(Map<String, String> job, boolean warned) {
    if (number(job.getOrDefault("Restarts", "")) > own.restartCount()) {
      return Fate.COMES_BACK;
    }
    String state = job.getOrDefault("JobState", "");
    if (job.getOrDefault("Reason", "").equals("TimeLimit")) {
      return Fate.LIMIT;
    } else if (preempted(job)) {
      return Fate.PREEMPTED;
    } else if (state.equals("RUNNING")) {
      return warned ? Fate.LIMIT : Fate.LET_GO;
    }
    return warned && OUTLIVED.contains(state) ? Fate.LIMIT : Fate.CANCELLED;
  }

  /**
   * Within the grace of a preemption Slurm has not requeued the task yet; where preemption cancels
   * ({@code PreemptMode=CANCEL}) it never will.
   */
  static boolean preempted(Map<String, String> job) {
    return job.getOrDefault("PreemptTime", "None").matches("[0-9].*");
  }

  /** Reads {@code Name=value} from one line. */
  static Map<String, String> members(String line) {
    Map<String, String> members = new HashMap<>();
    for (Matcher member = MEMBER.matcher(line); member.find(); ) {
      members.putIfAbsent(member.group(1), member.group(2));
    }
    return members;
  }

  private String afterLimit() {
    if (!policy.afterLimit()) {
      return "Task "
          + id()
          + " is not requeued at its time limit: slurm.requeue is "
          + words()
          + ".";
    }
    if (lives.requeues() > 0) {
      return "Task "
          + id()
          + " is not requeued again: it was brought back before, and no life since has published a"
          + " checkpoint ("
          + lives.spent()
          + "). Submit it with a longer --time, or see to what took so long.";
    }
    String once =
        lives.fruitful()
            ? ""
            : " It has published no checkpoint ("
                + lives.spent()
                + "); if its next life does not either, it is not requeued again.";
    return requeue(once);
  }

  private String afterPreemption(Map<String, String> job) {
    boolean cancels = new Preemption(slurmCommands, timeout).cancels(job);
    if (policy.afterPreemption(cancels)) {
      return requeue("");
    }
    String why =
        cancels
            ? "this site ends what it preempts (PreemptMode=CANCEL): it does not come back. With"
                + " --slurm.requeue always it would."
            : "leaves before its grace time ends: it does not come back, for slurm.requeue is "
                + words()
                + ".";
    return "Task " + id() + " was preempted, and " + why;
  }

  private String requeue(String more) {
    lives.broughtBack();
    Outcome outcome = slurmCommands.run(timeout, List.of("scontrol", "requeue", id()));
    if (outcome instanceof Outcome.Ended ended && ended.exit() == 0) {
      return "Task " + id() + " is requeued: it comes back." + more;
    }
    return "Task "
        + id()
        + " does not come back: "
        + SlurmCommands.why("scontrol requeue", outcome)
        + ". Submit it again; --requeue at submission lets it come back.";
  }

  private String words() {
    return policy.name().toLowerCase(Locale.ROOT);
  }

  /** By its place in the array: the raw id of an array's last task stands for the whole array. */
  private String id() {
    return own.display();
  }

  private static int number(String digits) {
    return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : 0;
  }

  /** What Slurm is about to do. */
  enum Fate {
    /** It has requeued the task. */
    COMES_BACK,
    /** A person ended the task. */
    CANCELLED,
    /** Nothing: somebody signalled the processes. */
    LET_GO,
    /** Nothing, though work is left: its time is over. */
    LIMIT,
    /** Nothing, unless the task waits for the end of its grace: something else needs its place. */
    PREEMPTED
  }
}
