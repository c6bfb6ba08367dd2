package dev.sweeprunner.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.repository.support.ResourcelessJobRepository;
import org.springframework.batch.core.step.StepExecution;

class StepMemoryTests {
  private final List<String> written = new ArrayList<>();
  private final SettableClock clock = new SettableClock();
  private final StepMemory memory =
      new StepMemory(
          new ResourcelessJobRepository() {
            @Override
            public void update(StepExecution execution) {
              written.add(execution.getStatus() + " " + execution.getWriteCount());
            }

            @Override
            public void updateExecutionContext(StepExecution execution) {
              written.add("context");
            }
          },
          clock);
  private final StepExecution step =
      new StepExecution(
          1, "runs", new JobExecution(1, new JobInstance(1, "sweep"), new JobParameters()));

  @Test
  void counts_are_written_once_per_second_and_each_status_at_once() {
    step.setStatus(BatchStatus.STARTED);
    for (int run = 0; run < 5; run++) {
      step.setWriteCount(run);
      memory.update(step);
      clock.advance(Duration.ofMillis(400));
    }
    step.setStatus(BatchStatus.COMPLETED);
    memory.update(step);

    assertThat(written).containsExactly("STARTED 0", "STARTED 3", "COMPLETED 4");
  }

  @Test
  void the_context_is_written_when_it_has_changed() {
    step.getExecutionContext().put("batch.stepType", "chunk");
    memory.updateExecutionContext(step);
    memory.updateExecutionContext(step);

    assertThat(written).containsExactly("context");
  }
}
