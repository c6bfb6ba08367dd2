package dev.sweeprunner.run.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.run.ListedClaims;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.Situations;
import dev.sweeprunner.testkit.ToldWorkers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReporterTests {
  private final ToldWorkers files = new ToldWorkers();
  private final Point point;

  ReporterTests(@TempDir Path folder) {
    point = Grids.tiny(folder, 1, 4).at(0);
  }

  @ParameterizedTest
  @CsvSource({
    "123, 4, 1, a@m:1, 1",
    "123, 4, 3, a@m:1, 1",
    "123, 4, 1, '', 1",
    "123, 4, 0, a@m:1, 1",
    "123, 5, 1, a@m:1, 0",
    "124, 4, 1, a@m:1, 0",
    "123, 4, 1, b@m:1, 0"
  })
  void a_life_takes_over_what_an_earlier_one_of_its_task_left(
      String array, String index, int restarts, String controller, int requeues) {
    files.report(ToldWorkers.status(owner(task("123", "4", 0, "a@m:1")), null, 0).requeued(1));

    Reporter reporter = reporter(owner(task(array, index, restarts, controller)));

    assertThat(reporter.current().requeues()).isEqualTo(requeues);
  }

  @Test
  void a_checkpoint_or_a_finished_run_begins_the_count_anew() {
    files.report(ToldWorkers.status(owner(task("123", "4", 0, "")), null, 0).requeued(1));

    Reporter published = reporter(owner(task("123", "4", 1, "")));
    published.ended(point, Outcome.RELEASED, "SIGTERM");
    assertThat(told(published)).isEqualTo(1);
    published.published(point, Situations.checkpoint(1), Duration.ofSeconds(1));
    assertThat(told(published)).isZero();

    files.report(ToldWorkers.status(owner(task("123", "4", 0, "")), null, 0).requeued(1));
    Reporter finished = reporter(owner(task("123", "4", 1, "")));
    finished.ended(point, Outcome.FINISHED, "");
    assertThat(told(finished)).isZero();
  }

  @Test
  void it_says_since_when_it_does_what_it_does() {
    SettableClock clock = new SettableClock();
    Owner owner = owner(task("123", "4", 0, ""));
    Reporter reporter = new Reporter(files, owner, () -> -1, new ListedClaims(), clock);

    reporter.waiting("others have everything");
    Instant began = clock.now();
    clock.advance(Duration.ofSeconds(30));
    reporter.waiting("W&B does not answer");
    assertThat(reporter.current().since()).isEqualTo(began);
    assertThat(reporter.current().written()).isEqualTo(clock.now());

    reporter.began(point, 1, 0);
    assertThat(reporter.current().since()).isEqualTo(clock.now());
  }

  private int told(Reporter reporter) {
    reporter.waiting("");
    return reporter.current().requeues();
  }

  private Reporter reporter(Owner owner) {
    return new Reporter(files, owner, () -> -1, new ListedClaims(), new SettableClock());
  }

  private static SlurmTask task(String array, String index, int restarts, String controller) {
    return new SlurmTask("999", array, index, restarts, "n1", controller);
  }

  private static Owner owner(SlurmTask task) {
    return new Owner("i", "w1", "local", "node7", "m", "b", 4, "5", "6", "ann", "cpu", task);
  }
}
