package dev.sweeprunner.run;

import java.util.List;

/** One scaler's tasks in Slurm: those of one storage root, whatever sweeps they were sent for. */
public interface TaskQueue {
  /** How the names of these tasks begin. */
  String name();

  /** The kinds of tasks that may be submitted, the most wanted first; at least one. */
  List<TaskProfile> profiles();

  /**
   * These tasks, asked for now; those that have ended while Slurm remembers them.
   *
   * @throws dev.sweeprunner.problem.UserError if that is not known
   */
  List<BatchTask> tasks();

  /** The words of the command that submits so many tasks. */
  List<String> submission(TaskProfile profile, int count);

  /** The words of the command that cancels these tasks, whatever they do. */
  List<String> cancellation(List<BatchTask> tasks);

  /** Variables of this process's environment that such a command must not see. */
  List<String> leftOut();

  /** Carries out such a command; takes as long as Slurm does. */
  Done call(List<String> words);

  /**
   * What Slurm knows of a task that has ended, in words: state, exit code, output file; empty where
   * it knows nothing any more. One question to Slurm.
   */
  default String ending(BatchTask task) {
    return "";
  }

  /**
   * What became of a command.
   *
   * @param refusal why Slurm did not do it
   * @param said its answer, or why it failed
   */
  record Done(Refusal refusal, String said) {
    /** Whether it succeeded. */
    public boolean done() {
      return refusal == Refusal.NONE;
    }
  }

  /** Why Slurm did not do as it was told. */
  enum Refusal {
    /** It did. */
    NONE,
    /** As many tasks as it takes from this user or account are there already: fewer may do. */
    LIMIT,
    /** It does not take such a task: a partition, an account, an option that it does not know. */
    INVALID,
    /** It gave no answer; whether it did it is not known. */
    UNREACHABLE
  }
}
