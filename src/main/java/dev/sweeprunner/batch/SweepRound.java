package dev.sweeprunner.batch;

import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.work.LiveSweep;
import dev.sweeprunner.run.work.Round;
import java.util.Optional;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;

/**
 * One sweep as a Spring Batch job: a single chunk-oriented step of chunk size 1.
 *
 * <p>No transaction is held while a run trains: the step keeps its default resourceless
 * transactions, and the job repository opens short ones of its own.
 */
public final class SweepRound implements Round {
  private static final String STEP = "runs";

  private final LiveSweep sweep;
  private final StopSignal stop;
  private final RunLimit limit;
  private final JobRepository repository;
  private final Executions executions;
  private final Clock clock;

  /** The rounds of one sweep. */
  public SweepRound(
      LiveSweep sweep, StopSignal stop, RunLimit limit, Executions executions, Clock clock) {
    this.sweep = sweep;
    this.stop = stop;
    this.limit = limit;
    this.repository = executions.repository();
    this.executions = executions;
    this.clock = clock;
  }

  @Override
  public String sweep() {
    return sweep.name();
  }

  @Override
  public boolean ended() {
    return sweep.parts().pass().allSettled();
  }

  @Override
  public boolean edited() {
    return sweep.renew();
  }

  @Override
  public boolean worthwhile() {
    return !sweep.pass().allSettled() && sweep.parts().claimer().anyClaimable();
  }

  @Override
  public boolean calm() {
    return sweep.parts().claimer().calm();
  }

  @Override
  public Optional<String> unanswered() {
    return sweep.parts().claimer().unanswered();
  }

  @Override
  public Result run(boolean brief) {
    Tally tally = new Tally();
    executions.using(() -> start(tally, brief), tally::raise);
    String missing = sweep.parts().claimer().takeMissing().orElse(null);
    return new Result(tally.trained(), limit.reached(), missing);
  }

  private Job job(Tally tally, boolean brief) {
    CandidateReader reader = new CandidateReader(sweep, brief, stop, limit, tally);
    TrainingWriter writer =
        new TrainingWriter(run -> sweep.parts().attempts().apply(run), limit, tally);
    StepExecutionListener begin =
        new StepExecutionListener() {
          @Override
          public void beforeStep(StepExecution execution) {
            reader.step(execution);
            writer.step(execution);
          }
        };
    Step step =
        new StepBuilder(STEP, new StepMemory(repository, clock))
            .<Candidate, ClaimedRun>chunk(1)
            .reader(reader)
            .processor(new ClaimProcessor(sweep, tally))
            .writer(writer)
            .listener(begin)
            .build();
    return new JobBuilder(Executions.JOB, repository).start(step).build();
  }

  private void start(Tally tally, boolean brief) {
    JobExecution execution = executions.start(job(tally, brief), sweep.name());
    for (Throwable failure : execution.getAllFailureExceptions()) {
      if (!(failure instanceof JobInterruptedException)) { // how an execution tells that it stopped
        throw new IllegalStateException(failure);
      }
    }
    if (execution.getStatus() == BatchStatus.FAILED) {
      throw new IllegalStateException("The job of " + sweep.name() + " failed without saying why");
    }
  }
}
