package dev.sweeprunner.run;

import java.util.List;

/** One sweep's tasks in Slurm. */
public interface TaskQueue {
  /** How the names of this sweep's tasks begin. */
  String name();

  /** The kinds of tasks that may be submitted, the most wanted first; at least one. */
  List<TaskProfile> profiles();

  /**
   * This sweep's tasks that have not ended, asked for now.
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
   * What became of a command.
   *
   * @param done whether it succeeded
   * @param said its answer, or why it failed
   */
  record Done(boolean done, String said) {}
}
