package dev.sweeprunner.slurm;

import dev.sweeprunner.process.Command.Outcome;
import dev.sweeprunner.run.SlurmTask;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
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
 * {@code scontrol show job}; never is it told by an exit code.
 */
final class Requeue {
  private static final Pattern MEMBER = Pattern.compile("(?:^|\\s)([A-Za-z/:_]+)=(\\S*)");

  /** States of a job whose batch script has ended while this process, its child, still runs. */
  private static final Set<String> OUTLIVED = Set.of("FAILED", "COMPLETED");

  private final SlurmCommands slurmCommands;
  private final SlurmTask own;
  private final Duration timeout;

  /**
   * A departure of this process.
   *
   * @param timeout of one question
   */
  Requeue(SlurmCommands slurmCommands, SlurmTask own, Duration timeout) {
    this.slurmCommands = slurmCommands;
    this.own = own;
    this.timeout = timeout;
  }

  /**
   * Asks Slurm, and has the task requeued if that is needed. The requeue sends a further SIGTERM to
   * this process.
   *
   * @param warned whether an early warning or the end of the time made the worker leave; false for
   *     a SIGTERM, which has many causes
   * @return what became of it, one sentence for the user
   */
  String leave(boolean warned) {
    Outcome shown = slurmCommands.run(timeout, List.of("scontrol", "-o", "show", "job", id()));
    if (!(shown instanceof Outcome.Ended ended) || ended.exit() != 0) {
      String why = SlurmCommands.why("scontrol", shown);
      return warned
          ? requeue()
          : "Whether Slurm brings task " + id() + " back is unknown: " + why + ".";
    }
    return switch (fate(members(ended.out()), warned)) {
      case COMES_BACK -> "Slurm has requeued task " + id() + ": it comes back.";
      case CANCELLED -> "Task " + id() + " was cancelled: it does not come back.";
      case LET_GO ->
          "Task " + id() + " ends by a signal that was not Slurm's: it does not come back.";
      case LOST -> requeue();
    };
  }

  /** What Slurm is about to do with this life of the task. */
  Fate fate(Map<String, String> job, boolean warned) {
    if (number(job.getOrDefault("Restarts", "")) > own.restartCount()) {
      return Fate.COMES_BACK;
    }
    boolean limit = job.getOrDefault("Reason", "").equals("TimeLimit");
    String state = job.getOrDefault("JobState", "");
    boolean running = state.equals("RUNNING");
    boolean outlived = warned && OUTLIVED.contains(state);
    if (limit || outlived || preempted(job) || (running && warned)) {
      return Fate.LOST;
    }
    return running ? Fate.LET_GO : Fate.CANCELLED;
  }

  /**
   * Within the grace of a preemption Slurm has not requeued the task yet; where preemption cancels
   * ({@code PreemptMode=CANCEL}) it never will.
   */
  private static boolean preempted(Map<String, String> job) {
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

  private String requeue() {
    Outcome outcome = slurmCommands.run(timeout, List.of("scontrol", "requeue", id()));
    if (outcome instanceof Outcome.Ended ended && ended.exit() == 0) {
      return "Task " + id() + " is requeued: it comes back.";
    }
    return "Task "
        + id()
        + " does not come back: "
        + SlurmCommands.why("scontrol requeue", outcome)
        + ". Submit it again; --requeue at submission lets it come back.";
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
    /** Nothing, though work is left. */
    LOST
  }
}
