package dev.sweeprunner.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.options.OutputFormat;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Scheduler.Job;
import dev.sweeprunner.run.Scheduler.View;
import dev.sweeprunner.testkit.Situations;
import dev.sweeprunner.testkit.ToldWorkers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose worker's job Slurm has suspended: shown as that, and in no rate. */
class SuspendedTests {
  @TempDir Path folder;

  private final Views views = new Views();
  private Points points;

  @BeforeEach
  void one_that_trains_and_one_that_is_suspended() {
    points = Views.grid(folder, 400, "[8]");
    views.workers.report(ToldWorkers.status(Situations.task("w0", 0), points.runId(0), 100));
    views.workers.report(ToldWorkers.status(Situations.task("w1", 1), points.runId(1), 5000));
    taken(0, Situations.training(points.at(0), 100));
    taken(1, Situations.silent(points.at(1), 300, Duration.ofMinutes(25)));
    suspend("SUSPENDED");
  }

  private void taken(int index, ClaimState claim) {
    views.claims.tell(points.key(index), Situations.by(Situations.task("w" + index, index), claim));
  }

  private void suspend(String state) {
    views.scheduler.tell("123_0", new View.Present(new Job("123_0", "RUNNING", "", 0, null)));
    views.scheduler.tell("123_1", new View.Present(new Job("123_1", state, "", 0, null)));
  }

  @Test
  void the_table_says_so_and_its_rate_is_in_no_sum() {
    String text = print(OutputFormat.TABLE);

    assertThat(text)
        .contains("2 points: 1 training, 1 suspended. 100 tokens/s, about")
        .contains(
            "suspended "
                + points.runId(1)
                + ": w1 on node7: its Slurm job 123_1 is SUSPENDED. Goes on when Slurm resumes it;"
                + " free when its beat has stood still for the expiry time");
    assertThat(text.lines().filter(line -> line.startsWith(points.runId(1))))
        .singleElement()
        .satisfies(
            line -> assertThat(line).containsPattern("S  +suspended +300/400").endsWith("-"));
  }

  @Test
  void programs_read_it_in_json_and_csv() {
    assertThat(print(OutputFormat.JSON)).contains("\"state\":\"suspended\"");
    assertThat(print(OutputFormat.CSV)).contains("," + points.runId(1) + ",suspended,");
  }

  @Test
  void what_it_has_left_is_left_to_those_that_train() {
    SweepStatus status = views.look(points);
    double each = points.at(0).config().workPerIteration();

    assertThat(status.left(status.statuses().get(1))).isNull();
    assertThat(status.tokensPerSecond(status.statuses().get(1))).isZero();
    Duration left = Duration.ofMillis((long) (1000 * each * (300 + 100) / 100));
    assertThat(Forecast.of(status)).hasValue(new Forecast(left, left));
  }

  @Test
  void once_it_goes_on_it_trains() {
    suspend("RUNNING");

    assertThat(views.look(points).tokensPerSecond()).isEqualTo(5100);
  }

  private String print(OutputFormat format) {
    new StatusCommand(List.of(points), views.ports(), views.screen(200)).run(format);
    return views.printed.text();
  }
}
