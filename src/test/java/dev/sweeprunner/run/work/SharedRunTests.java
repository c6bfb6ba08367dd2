package dev.sweeprunner.run.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Life;
import dev.sweeprunner.testkit.Results;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A point of two sweeps of one project, each with a name of its own: one run. */
class SharedRunTests {
  private static final String TOML =
      """
      [data]
      source = "uniform"
      [model]
      vocab_size = 4
      block_size = 8
      n_layer = 1
      n_head = 2
      n_embd = 8
      weight_tying = false
      [training]
      max_iters = 8
      batch_size = 2
      gradient_accumulation_steps = 1
      [experiment]
      n_compartments = 2
      max_compartments = 2
      """;

  @TempDir Path folder;
  private Points one;
  private Points other;

  @BeforeEach
  void two_sweeps() {
    one = sweep("one");
    other = sweep("other");
  }

  @Test
  void is_trained_once_and_has_ended_in_both() {
    life(one).liveToTheEnd();

    Life second = life(other);

    assertThat(second.claim()).isEmpty();
    assertThat(second.allSettled()).isTrue();
  }

  @Test
  void goes_on_where_a_worker_of_the_other_sweep_left_it() {
    Life first = life(one);
    ClaimedRun begun = first.claim().orElseThrow();
    try (Attempt attempt = first.attempt(begun)) {
      assertThat(attempt.advance()).isNull();
    }

    Life second = life(other);
    ClaimedRun taken = second.claim().orElseThrow();

    assertThat(taken.base()).isNotNull();
    assertThat(taken.point().key()).isEqualTo(begun.point().key());
    assertThat(second.train(taken)).isEqualTo(Outcome.FINISHED);
    assertThat(folder.resolve("root/out/test/other")).doesNotExist();
    assertThat(Results.of(folder.resolve("root"), "0000008")).hasSize(1);
    assertThat(Results.litter(folder.resolve("root"))).isEmpty();
  }

  private Points sweep(String name) {
    return Grids.of(
        folder,
        TOML,
        """
        method: grid
        name: %s
        project: test
        command: [--job.config-file, base.toml]
        parameters: {training.seed: {values: [1]}}
        """
            .formatted(name));
  }

  private Life life(Points points) {
    return new Life(folder.resolve("root"), points, Trace.OFF, 3);
  }
}
