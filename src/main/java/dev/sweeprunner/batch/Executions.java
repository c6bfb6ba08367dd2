package dev.sweeprunner.batch;

import dev.sweeprunner.run.work.NoRoom;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.BeanFactory;

/**
 * Starts and restarts job instances: one per worker and sweep.
 *
 * <p>After a SIGKILL the repository still says STARTED; since this process alone holds the database
 * file, that execution has no live owner and is recovered (marked FAILED) before the same instance
 * is started again. A completed instance that has new work is followed by one with a higher {@code
 * again}.
 */
public final class Executions {
  static final String JOB = "sweep";
  private static final String AGAIN = "again";

  private final JobRepository repository;
  private final JobOperator operator;
  private final String worker;
  private final Consumer<Throwable> lost;

  /**
   * The executions of one worker, by the repository and operator that the context made.
   *
   * @param lost is told why the repository cannot be used any more
   */
  public static Executions of(BeanFactory context, String worker, Consumer<Throwable> lost) {
    return new Executions(
        context.getBean(JobRepository.class), context.getBean(JobOperator.class), worker, lost);
  }

  Executions(
      JobRepository repository, JobOperator operator, String worker, Consumer<Throwable> lost) {
    this.repository = repository;
    this.operator = operator;
    this.worker = worker;
    this.lost = lost;
  }

  /** Marks executions that a killed process left open as failed. */
  public void recover() {
    using(
        () -> List.copyOf(repository.findRunningJobExecutions(JOB)).forEach(operator::recover),
        () -> {});
  }

  /**
   * Does something with the repository, then throws what else broke meanwhile.
   *
   * @throws RepositoryLost where nothing else did, or a full disk broke both: whoever goes on once
   *     there is room needs another repository
   */
  void using(Runnable work, Runnable raise) {
    try {
      work.run();
    } catch (RuntimeException e) {
      boolean sql = causes(e).anyMatch(SQLException.class::isInstance);
      if (sql) {
        lost.accept(e);
      }
      try {
        raise.run();
      } catch (NoRoom full) {
        throw sql ? new RepositoryLost(e) : full;
      }
      throw sql ? new RepositoryLost(e) : e;
    }
    raise.run();
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
  }

  /** Where jobs and steps keep their state. */
  JobRepository repository() {
    return repository;
  }

  /** Runs {@code job} for {@code sweep}, as the next execution of its open instance. */
  JobExecution start(Job job, String sweep) {
    JobParameters parameters = parameters(sweep, 0);
    for (long again = 1; completed(parameters); again++) {
      parameters = parameters(sweep, again);
    }
    try {
      return operator.start(job, parameters);
    } catch (JobExecutionException e) {
      throw new IllegalStateException("The job of " + sweep + " could not be started", e);
    }
  }

  private boolean completed(JobParameters parameters) {
    JobInstance instance = repository.getJobInstance(JOB, parameters);
    @Nullable JobExecution last =
        instance == null ? null : repository.getLastJobExecution(instance);
    return last != null && last.getStatus() == BatchStatus.COMPLETED;
  }

  private JobParameters parameters(String sweep, long again) {
    return new JobParametersBuilder()
        .addString("worker", worker)
        .addString("sweep", sweep)
        .addLong(AGAIN, again)
        .toJobParameters();
  }
}
