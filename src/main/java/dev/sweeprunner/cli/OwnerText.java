package dev.sweeprunner.cli;

import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.SlurmTask;

/**
 * Names the process that wrote a record.
 *
 * @param owner the process
 */
record OwnerText(Owner owner) {
  /** {@code w1 on node7}. */
  String brief() {
    return owner.worker() + " on " + owner.host();
  }

  /** Everything that helps to find it. */
  String whole() {
    SlurmTask task = owner.slurm();
    return brief()
        + ", cluster "
        + owner.cluster()
        + ", user "
        + owner.user()
        + ", pid "
        + owner.pid()
        + ", "
        + owner.device()
        + (task == null ? "" : ", Slurm job " + job(task));
  }

  /** The task as users write it, in which of its lives, and where by Slurm's own name. */
  private String job(SlurmTask task) {
    String node = task.node();
    return task.display()
        + (task.restartCount() == 0
            ? ""
            : ", " + HumanFormat.plural(task.restartCount(), "restart"))
        + (node == null || owner.host().startsWith(node) ? "" : ", node " + node);
  }
}
