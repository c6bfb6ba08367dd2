package dev.sweeprunner.batch;

import dev.sweeprunner.run.Narrator;
import dev.sweeprunner.run.work.Attempt;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

/**
 * Trains one claimed run: each execution goes up to the next publish.
 *
 * <p>CONTINUABLE while the run goes on, FINISHED when it has left this worker's hands in whatever
 * way. A failed run is recorded in its claim log and is no failure of the step.
 */
final class TrainingTasklet implements Tasklet {
  private final Attempt attempt;

  TrainingTasklet(Attempt attempt) {
    this.attempt = attempt;
  }

  @Override
  public RepeatStatus execute(StepContribution contribution, ChunkContext context) {
    Narrator.Outcome outcome = attempt.advance();
    return outcome == null ? RepeatStatus.CONTINUABLE : RepeatStatus.FINISHED;
  }
}
