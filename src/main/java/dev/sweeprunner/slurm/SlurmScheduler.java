package dev.sweeprunner.slurm;

import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.SlurmTask;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges the jobs of claims' owners by Slurm's queue.
 *
 * <p>Counts only where the question can be answered: the same controller runs that job and is asked
 * here, and the job is this user's own (others' may be hidden). A job that is not listed is gone
 * only if Slurm, asked for it by name, does not know it, and if the list is one in which this
 * process's own job stands. Any thread.
 */
final class SlurmScheduler implements Scheduler {
  /** A task that has run for longer than this has no more use for the run it had before. */
  private static final Duration STARTING = Duration.ofMinutes(1);

  private static final Set<String> QUEUED =
      Set.of("PENDING", "CONFIGURING", "REQUEUED", "REQUEUE_FED", "RESV_DEL_HOLD");

  private final Queue queue;
  private final String user;
  private final @Nullable SlurmTask own;

  /**
   * A judge for this process.
   *
   * @param own the job of this process, or null outside Slurm
   */
  SlurmScheduler(Queue queue, String user, @Nullable SlurmTask own) {
    this.queue = queue;
    this.user = user;
    this.own = own;
  }

  @Override
  public View view(Owner owner) {
    SlurmTask task = owner.slurm();
    if (task == null) {
      return new View.Unknown("its owner is in no Slurm job");
    }
    if (own != null && own.succeeds(task)) {
      return new View.Gone(task.display(), "has become this worker's, requeued");
    }
    if (!owner.user().equals(user)) {
      return new View.Unknown(task.display() + " is a job of another user, " + owner.user());
    }
    return view(task, queue.look(task));
  }

  private View view(SlurmTask task, Snapshot seen) {
    if (seen.answer() instanceof Squeue.Answer.Unknown unknown) {
      return new View.Unknown(unknown.why());
    }
    SlurmSite site = seen.site();
    if (site == null || !site.controller().equals(task.controller())) {
      return new View.Unknown(task.display() + " is a job of another Slurm");
    }
    Optional<JobRow> row = seen.row(task.display());
    if (row.isPresent()) {
      return of(task, row.get());
    }
    if (own != null && seen.row(own.display()).isEmpty()) {
      return new View.Unknown("squeue's answer lacks this worker's own job");
    }
    return queue.unknown(task.display())
        ? new View.Gone(task.display(), "is not known to Slurm any more")
        : new View.Unknown("squeue's answer lacks " + task.display() + "; it is asked for by name");
  }

  /** What a line of the queue says about one life of a task. */
  static View of(SlurmTask task, JobRow row) {
    boolean ended = TaskPhases.ENDED.contains(row.state());
    Job job =
        new Job(row.id(), row.state(), row.reason(), row.restarts(), ended ? null : row.left());
    boolean laterLife = row.restarts() > task.restartCount();
    boolean queued = QUEUED.contains(row.state());
    if (row.restarts() < task.restartCount() || (queued && !laterLife)) {
      // Asked before that life began, of which it therefore says nothing.
      return new View.Unknown("squeue's answer about " + row.id() + " is older than this claim");
    }
    if (ended) {
      return new View.Gone(row.id(), "is " + row.state(), job);
    }
    if (queued) {
      return TaskPhases.held(row.reason())
          ? new View.Gone(row.id(), "is queued again, but held: " + row.reason(), job)
          : new View.Returning(job);
    }
    if (!laterLife || row.state().equals("COMPLETING")) {
      return new View.Present(job); // while it completes, its processes may still write
    }
    return row.used().compareTo(STARTING) < 0
        ? new View.Returning(job)
        : new View.Gone(row.id(), "was requeued and runs again, without it", job);
  }
}
