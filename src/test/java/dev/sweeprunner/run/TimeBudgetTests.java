package dev.sweeprunner.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Situations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimeBudgetTests {
  private static final long SIZE = 1_000_000;
  private static final Duration MARGIN = Duration.ofSeconds(20);

  private final List<String> leaves = new ArrayList<>();
  private Optional<Duration> left = Optional.empty();
  private final Point point;
  private final TimeBudget budget = new TimeBudget(() -> left, MARGIN, leaves::add);

  TimeBudgetTests(@TempDir Path folder) {
    point = Grids.tiny(folder, 1, 4).at(0);
  }

  @Test
  void without_a_limit_everything_fits() {
    measured();

    assertThat(budget.allowsClaim(SIZE)).isTrue();
    assertThat(budget.noCheckpoint()).isEmpty();
    assertThat(leaves).isEmpty();
  }

  @Test
  void before_anything_was_measured_only_the_margin_counts() {
    left = Optional.of(Duration.ofSeconds(21));
    assertThat(budget.allowsClaim(SIZE)).isTrue();
    assertThat(budget.spare()).contains(Duration.ofSeconds(1));

    left = Optional.of(Duration.ofSeconds(20));
    assertThat(budget.allowsClaim(SIZE)).isFalse();
  }

  @Test
  void a_claim_needs_a_start_an_iteration_and_a_publish() {
    measured(); // 5 s + 2 s + 1.5 x 4 s + 20 s
    left = Optional.of(Duration.ofSeconds(34));
    assertThat(budget.allowsClaim(SIZE)).isTrue();

    left = Optional.of(Duration.ofSeconds(33));
    assertThat(budget.allowsClaim(SIZE)).isFalse();
    assertThat(leaves)
        .containsExactly(
            "its job's time limit: 33 s left, and a run needs 33 s to its first checkpoint");
  }

  @Test
  void a_larger_model_takes_longer_to_publish() {
    measured();
    left = Optional.of(Duration.ofSeconds(34));

    assertThat(budget.allowsClaim(2 * SIZE)).isFalse();
  }

  @Test
  void a_worker_leaves_early_enough_for_its_last_checkpoint() {
    measured();

    left = Optional.of(Duration.ofSeconds(60));

    assertThat(budget.spare()).contains(Duration.ofSeconds(60 - 20 - 6));
  }

  @Test
  void a_checkpoint_that_cannot_be_written_in_time_is_not_begun() {
    measured();
    left = Optional.of(Duration.ofSeconds(7));
    assertThat(budget.noCheckpoint()).isEmpty();

    left = Optional.of(Duration.ofSeconds(6));
    assertThat(budget.noCheckpoint())
        .contains("no time for a checkpoint: 6 s left, and one may take 6 s");
  }

  @Test
  void a_slow_iteration_is_remembered_and_slowly_forgotten() {
    iterated(Duration.ofSeconds(100));
    for (int i = 0; i < 50; i++) {
      iterated(Duration.ofSeconds(1));
    }
    left = Optional.of(Duration.ofSeconds(50));
    assertThat(budget.allowsClaim(SIZE)).isFalse();

    for (int i = 0; i < 500; i++) {
      iterated(Duration.ofSeconds(1));
    }
    assertThat(budget.allowsClaim(SIZE)).isTrue();
  }

  @Test
  void only_a_publish_or_a_finished_run_makes_a_life_fruitful() {
    assertThat(budget.fruitful()).as("it waited for others, or was slow to start").isFalse();
    budget.began(point, 1, 0);
    budget.started(SIZE, Duration.ofSeconds(5));
    iterated(Duration.ofSeconds(2));
    budget.ended(point, Outcome.RELEASED, "SIGUSR1");
    assertThat(budget.fruitful()).isFalse();

    measured();
    assertThat(budget.fruitful()).isTrue();

    TimeBudget other = TimeBudget.unlimited();
    other.ended(point, Outcome.FINISHED, "");
    assertThat(other.fruitful()).isTrue();
  }

  @Test
  void what_brought_nothing_says_on_what_the_time_went() {
    left = Optional.of(Duration.ofSeconds(58));
    assertThat(budget.spare()).isPresent();
    assertThat(budget.spent()).isEqualTo("58 s were left as it came forward; no run was claimed");

    budget.began(point, 1, 0);
    assertThat(budget.spent())
        .endsWith("; the run that it claimed did not get as far as its start");

    budget.started(SIZE, Duration.ofMillis(31_400));
    assertThat(budget.spent()).endsWith("; its run took 31 s to start, and no iteration ended");

    iterated(Duration.ofMillis(3210));
    assertThat(budget.spent())
        .endsWith("; its run took 31 s to start, and an iteration took up to 3.2 s");
  }

  @Test
  void the_end_is_near_within_five_minutes_or_a_fifth_of_the_time() {
    assertThat(budget.nearEnd()).isFalse();

    left = Optional.of(Duration.ofHours(4));
    assertThat(budget.nearEnd()).isFalse();
    left = Optional.of(Duration.ofMinutes(49));
    assertThat(budget.nearEnd()).isFalse();
    left = Optional.of(Duration.ofMinutes(48));
    assertThat(budget.nearEnd()).isTrue();

    TimeBudget small = new TimeBudget(() -> Optional.of(Duration.ofMinutes(5)), MARGIN, why -> {});
    assertThat(small.nearEnd()).isTrue();
  }

  private void measured() {
    budget.started(SIZE, Duration.ofSeconds(5));
    iterated(Duration.ofSeconds(2));
    budget.published(point, Situations.checkpoint(1), Duration.ofSeconds(4));
  }

  private void iterated(Duration took) {
    budget.completed(0, took, 0);
  }
}
