package dev.sweeprunner.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.WorkerReport;
import dev.sweeprunner.run.scale.Words.Word;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the worker files say of tasks. */
class WorkersSayTests {
  private static WorkerReport.Status worker(@Nullable String index, int claims, String activity) {
    SlurmTask task = index == null ? null : new SlurmTask("7", "5", index, 0, "n1");
    Owner owner = new Owner("i", "w", "c", "h", "m", "b", 1, "1", "1", "ada", "cpu", task);
    return new WorkerReport.Status(
        owner, -1, "a.yaml", activity, null, activity, 0, claims, 0, List.of(), Instant.EPOCH);
  }

  @Test
  void the_workers_of_a_task_count_together() {
    List<WorkerReport.Status> all =
        List.of(
            worker("0", 0, "stopped"),
            worker("0", 2, "training"),
            worker("1", 1, "training"),
            worker("1", 0, "stopped"),
            worker("2", 0, "stopped"),
            worker(null, 9, "training"));

    assertThat(new ScaleMode.WorkersSay(new Reports(all)).all())
        .hasSize(3)
        .containsEntry("5_0", new Word(2, "training", "training"))
        .containsEntry("5_1", new Word(1, "training", "training"))
        .containsEntry("5_2", new Word(0, "stopped", "stopped"));
  }

  /** Worker files. */
  private record Reports(List<Status> all) implements WorkerReport {
    @Override
    public void report(Status status) {
      throw new UnsupportedOperationException();
    }
  }
}
