package dev.sweeprunner.batch;

import dev.sweeprunner.run.Clock;
import java.time.Duration;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/**
 * The job repository as a running step sees it: each change of its status is written at once, its
 * counts every second at most. A killed worker's counts may be that old; nothing rests on them.
 */
final class StepMemory implements JobRepository {
  private static final Duration COUNTS_EVERY = Duration.ofSeconds(1);

  private final JobRepository repository;
  private final Clock clock;
  private boolean begun;
  private long written;

  StepMemory(JobRepository repository, Clock clock) {
    this.repository = repository;
    this.clock = clock;
  }

  @Override
  public void update(StepExecution execution) {
    boolean goesOn = begun && execution.getStatus() == BatchStatus.STARTED;
    if (goesOn && clock.nanos() - written < COUNTS_EVERY.toNanos()) {
      return;
    }
    repository.update(execution);
    begun = true;
    written = clock.nanos();
  }

  /** The reader keeps nothing there, so it is written once and never again. */
  @Override
  public void updateExecutionContext(StepExecution execution) {
    if (execution.getExecutionContext().isDirty()) {
      repository.updateExecutionContext(execution);
      execution.getExecutionContext().clearDirtyFlag();
    }
  }

  @Override
  public JobInstance createJobInstance(String name, JobParameters parameters) {
    return repository.createJobInstance(name, parameters);
  }

  @Override
  public void update(JobExecution execution) {
    repository.update(execution);
  }

  @Override
  public void updateExecutionContext(JobExecution execution) {
    repository.updateExecutionContext(execution);
  }
}
