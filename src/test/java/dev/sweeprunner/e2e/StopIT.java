package dev.sweeprunner.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.Results;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stop in order: by each signal, once or several times. */
class StopIT {
  @TempDir Path folder;

  @Test
  void a_run_stopped_by_signals_is_given_back_and_ends_as_if_it_had_not_been() {
    Toy toy = Toy.of(folder, 400, "training.seed: 1");
    var calm = JarProcess.run(folder, toy.worker("calm", "calm"));
    assertThat(calm.code()).as(calm.err()).isZero();

    stop(toy, List.of("TERM", "TERM", "TERM"));
    stop(toy, List.of("INT"));
    stop(toy, List.of("USR1", "TERM"));
    stop(toy, List.of("USR2", "USR2"));
    var last = JarProcess.run(folder, toy.worker("stopped", "again"));

    assertThat(last.code()).as(last.err()).isZero();
    assertThat(Results.of(folder.resolve("stopped"), toy.last()))
        .hasSize(1)
        .isEqualTo(Results.of(folder.resolve("calm"), toy.last()));
  }

  private void stop(Toy toy, List<String> signals) {
    Events events = new Events(folder.resolve("stopped.events"));
    List<String> words = toy.worker("stopped", "again", "--test.events", events.file().toString());
    try (JarProcess process = JarProcess.start(folder, words)) {
      events.await(process, event -> event.is("iteration"));

      signals.forEach(process::signal);
      var ended = process.await(Duration.ofMinutes(5));

      assertThat(ended.code()).as(ended.err()).isEqualTo(75);
      var mine = events.of(process);
      assertThat(mine.get(mine.size() - 1).name()).isEqualTo("ended.RELEASED");
      long iter = mine.get(mine.size() - 1).iter();
      assertThat(mine).anyMatch(event -> event.is("publish") && event.iter() == iter);
      assertThat(Status.of(folder, "toy.yaml", "stopped").get(0).path("state").asString())
          .isEqualTo("preempted");
    }
  }
}
