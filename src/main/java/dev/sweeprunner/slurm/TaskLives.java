package dev.sweeprunner.slurm;

import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.WorkerReport;
import java.util.List;
import java.util.Optional;

/**
 * What the lives of one Slurm task have brought, by what its workers say of themselves: whether one
 * of them published anything in this life, and how often in a row the task was brought back for
 * nothing.
 */
final class TaskLives {
  private final WorkerReport workers;
  private final Owner self;
  private final boolean fruitful;
  private final String spent;

  /**
   * The lives of the task that this worker is in.
   *
   * @param fruitful whether this worker has published a checkpoint, or finished a run
   * @param spent on what its time went; a part of a sentence
   */
  TaskLives(WorkerReport workers, Owner self, boolean fruitful, String spent) {
    this.workers = workers;
    this.self = self;
    this.fruitful = fruitful;
    this.spent = spent;
  }

  /** Whether a worker of this task has brought a sweep further, in this life. */
  boolean fruitful() {
    return fruitful
        || family(0).stream().anyMatch(status -> lives(status) == 0 && status.publishes() > 0);
  }

  /** How often in a row its own workers had it brought back, with nothing published since. */
  int requeues() {
    return fruitful()
        ? 0
        : family(1).stream().mapToInt(WorkerReport.Status::requeues).max().orElse(0);
  }

  /** On what the time of this life went. */
  String spent() {
    return spent;
  }

  /** Remembers that the task is brought back now, for its next life to know. */
  void broughtBack() {
    int times = fruitful() ? 0 : requeues() + 1;
    workers
        .of(self.worker())
        .filter(status -> status.owner().incarnation().equals(self.incarnation()))
        .ifPresent(status -> workers.report(status.requeued(times)));
  }

  /** The workers of this task, of this life and of so many before it. */
  private List<WorkerReport.Status> family(int before) {
    return workers.all().stream()
        .filter(status -> lives(status) >= 0 && lives(status) <= before)
        .toList();
  }

  private int lives(WorkerReport.Status status) {
    return Optional.ofNullable(self.slurm())
        .map((SlurmTask own) -> own.livesAfter(status.owner().slurm()))
        .orElse(-1);
  }
}
