package dev.sweeprunner.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Point;
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
  void a_life_too_short_for_a_single_publish_is_not_worth_another() {
    left = Optional.of(Duration.ofSeconds(1));
    assertThat(budget.allowsClaim(SIZE)).isFalse();

    assertThat(budget.worthwhile()).isFalse();
    measured();
    assertThat(budget.worthwhile()).isTrue();
  }

  @Test
  void nor_is_one_that_was_over_as_it_began_or_that_published_nothing() {
    left = Optional.of(Duration.ofSeconds(1));
    assertThat(budget.spare()).isPresent();
    assertThat(budget.worthwhile()).isFalse();

    TimeBudget other = new TimeBudget(() -> Optional.of(Duration.ofHours(1)), MARGIN, why -> {});
    other.started(SIZE, Duration.ofSeconds(5));
    assertThat(other.worthwhile()).isFalse();
  }

  @Test
  void a_life_that_only_waited_for_others_is_worth_another() {
    left = Optional.of(Duration.ofHours(1));
    assertThat(budget.spare()).isPresent();
    left = Optional.of(Duration.ofSeconds(5));
    assertThat(budget.spare()).isPresent();

    assertThat(budget.worthwhile()).isTrue();
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
