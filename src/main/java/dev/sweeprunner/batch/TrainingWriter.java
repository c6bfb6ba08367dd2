package dev.sweeprunner.batch;

import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.work.Attempt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.scope.context.StepContext;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

/** Hands claimed work to the training tasklet until it is through. The chunk may be empty. */
final class TrainingWriter implements ItemWriter<ClaimedRun> {
  private final Function<ClaimedRun, Attempt> attempts;
  private final RunLimit limit;
  private final Tally tally;
  private @Nullable StepExecution step;

  TrainingWriter(Function<ClaimedRun, Attempt> attempts, RunLimit limit, Tally tally) {
    this.attempts = attempts;
    this.limit = limit;
    this.tally = tally;
  }

  /** Told by the step before the first write. */
  void step(StepExecution execution) {
    step = execution;
  }

  @Override
  public void write(Chunk<? extends ClaimedRun> chunk) {
    StepExecution execution = java.util.Objects.requireNonNull(step, "write outside a step");
    for (ClaimedRun run : chunk) {
      tally.count();
      limit.count();
      tally.keeping(() -> train(run, execution));
    }
  }

  private RepeatStatus train(ClaimedRun run, StepExecution execution) {
    try (Attempt attempt = attempts.apply(run)) {
      TrainingTasklet tasklet = new TrainingTasklet(attempt);
      ChunkContext context = new ChunkContext(new StepContext(execution));
      RepeatStatus status = RepeatStatus.CONTINUABLE;
      while (status == RepeatStatus.CONTINUABLE) {
        status = tasklet.execute(execution.createStepContribution(), context);
      }
      return status;
    }
  }
}
