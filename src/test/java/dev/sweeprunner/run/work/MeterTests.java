package dev.sweeprunner.run.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.LogSummary;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Life;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.ShownClaim;
import dev.sweeprunner.testkit.Situations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeterTests {
  private static final LogSummary FAILED_BEFORE =
      LogSummary.EMPTY.claimed(false).failed(new Failure(FailureClass.INFRA, "the disk", "node7"));

  private final SettableClock clock = new SettableClock();
  private final Meter meter = new Meter(clock);
  private final Point point;

  MeterTests(@TempDir Path folder) {
    point = Grids.tiny(folder, 1, 40).at(0);
  }

  @Test
  void between_two_runs_none_is_in_hand() {
    assertThat(meter.inHand()).isEmpty();

    meter.holds(run(LogSummary.EMPTY, false));
    assertThat(meter.inHand()).isPresent();

    meter.ended(point, Outcome.RELEASED, "");
    assertThat(meter.inHand()).isEmpty();
    assertThat(meter.ended(Outcome.RELEASED)).isEqualTo(1);
    assertThat(meter.ended(Outcome.FINISHED)).isZero();
  }

  @Test
  void claims_are_told_apart_by_what_the_last_owner_left() {
    meter.holds(run(LogSummary.EMPTY, false));
    meter.holds(run(LogSummary.EMPTY.claimed(true), true));
    meter.holds(run(FAILED_BEFORE, false));

    assertThat(meter.counts().claims()).isEqualTo(3);
    assertThat(meter.counts().takeovers()).isEqualTo(1);
    assertThat(meter.counts().retries()).isEqualTo(1);
  }

  @Test
  void iterations_count_from_where_a_run_is_resumed() {
    meter.holds(run(LogSummary.EMPTY, false));
    meter.began(point, 3, 30);

    meter.completed(30, Duration.ofSeconds(1), 640);
    meter.completed(33, Duration.ofSeconds(1), 650); // a program tells of some at once
    meter.completed(33, Duration.ofSeconds(1), 650);

    assertThat(meter.counts().iterations()).isEqualTo(4);
    assertThat(meter.inHand().orElseThrow().iteration()).isEqualTo(34);
    assertThat(meter.inHand().orElseThrow().maxIterations()).isEqualTo(40);
    assertThat(meter.inHand().orElseThrow().tokensPerSecond()).isEqualTo(650);
  }

  @Test
  void rows_bring_losses_and_what_a_program_says_of_its_end() {
    meter.holds(run(LogSummary.EMPTY, false));

    meter.row(point, row(1, Map.of("train/loss", 3.5, "lr", 0.1), Map.of()), 0, null);
    meter.row(
        point, row(2, Map.of("train/loss", 3.25, "Loss.b", 1.0), Map.of("total", 90.0)), 0, null);

    Meter.InHand run = meter.inHand().orElseThrow();
    assertThat(run.losses())
        .containsExactlyInAnyOrderEntriesOf(Map.of("train/loss", 3.25, "Loss.b", 1.0));
    assertThat(run.maxIterations()).isEqualTo(90);
    assertThat(meter.counts().rows()).isEqualTo(2);
  }

  @Test
  void of_very_many_losses_the_first_are_kept_up_to_date() {
    Map<String, Double> many =
        IntStream.range(0, 100).boxed().collect(Collectors.toMap(i -> "loss" + i, i -> 1.0));
    meter.holds(run(LogSummary.EMPTY, false));

    meter.row(point, row(1, many, Map.of()), 0, null);
    String kept = meter.inHand().orElseThrow().losses().keySet().iterator().next();
    meter.row(point, row(2, Map.of(kept, 0.5), Map.of()), 0, null);

    assertThat(meter.inHand().orElseThrow().losses()).hasSize(16).containsEntry(kept, 0.5);
  }

  @Test
  void a_new_run_begins_with_nothing_of_the_one_before() {
    meter.holds(run(LogSummary.EMPTY, false));
    meter.row(point, row(1, Map.of("loss", 3.5), Map.of("total", 90.0)), 0, null);
    meter.completed(1, Duration.ofSeconds(1), 640);

    meter.holds(run(LogSummary.EMPTY, false));

    Meter.InHand run = meter.inHand().orElseThrow();
    assertThat(run.losses()).isEmpty();
    assertThat(run.iteration()).isZero();
    assertThat(run.maxIterations()).isEqualTo(40);
    assertThat(run.tokensPerSecond()).isZero();
  }

  @Test
  void an_iteration_a_row_and_a_publish_are_progress() {
    meter.holds(run(LogSummary.EMPTY, false));
    clock.advance(Duration.ofMinutes(5));
    assertThat(silent()).isEqualTo(Duration.ofMinutes(5));

    meter.completed(1, Duration.ZERO, 0);
    assertThat(silent()).isZero();
    clock.advance(Duration.ofMinutes(1));
    meter.row(point, row(1, Map.of(), Map.of()), 0, null);
    assertThat(silent()).isZero();
    clock.advance(Duration.ofMinutes(1));
    meter.published(point, Situations.checkpoint(1), Duration.ofSeconds(2));
    assertThat(silent()).isZero();
    assertThat(meter.counts().publishes()).isEqualTo(1);
    assertThat(meter.counts().publishing()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void the_claim_is_asked_when_somebody_looks() {
    ShownClaim claim = new ShownClaim(point.key(), LogSummary.EMPTY);
    meter.holds(new ClaimedRun(point, claim, null));

    claim.renewed(Duration.ofSeconds(90));
    claim.superseded(true);

    Meter.InHand run = meter.inHand().orElseThrow();
    assertThat(run.epoch()).isEqualTo(3);
    assertThat(run.sinceRenewal()).isEqualTo(Duration.ofSeconds(90));
    assertThat(run.superseded()).isTrue();
  }

  @Test
  void a_real_run_is_counted_from_its_claim_to_its_end(@TempDir Path root, @TempDir Path grid) {
    Points points = Grids.tiny(grid, 1, 4);
    Life life = new Life(root, points, Trace.OFF, 2);

    Outcome outcome = life.train(life.claim().orElseThrow());

    assertThat(outcome).isEqualTo(Outcome.FINISHED);
    Meter.Counts counts = life.meter().counts();
    assertThat(counts.claims()).isEqualTo(1);
    assertThat(counts.takeovers()).isZero();
    assertThat(counts.iterations()).isEqualTo(4);
    assertThat(counts.rows()).isPositive();
    assertThat(counts.publishes()).isPositive();
    assertThat(life.meter().ended(Outcome.FINISHED)).isEqualTo(1);
    assertThat(life.meter().inHand()).isEmpty();
  }

  @Test
  void who_takes_over_from_a_dead_owner_counts_it(@TempDir Path root, @TempDir Path grid) {
    Points points = Grids.tiny(grid, 1, 4);
    assertThat(new Life(root, points, Trace.OFF, 2).claim()).isPresent(); // and dies
    Life heir = new Life(root, points, Trace.OFF, 2);

    heir.train(heir.claim().orElseThrow());

    assertThat(heir.meter().counts().takeovers()).isEqualTo(1);
    assertThat(heir.meter().counts().retries()).isZero();
  }

  private Duration silent() {
    return meter.inHand().orElseThrow().sinceProgress();
  }

  private ClaimedRun run(LogSummary summary, boolean takenOver) {
    return new ClaimedRun(point, new ShownClaim(point.key(), summary), null, takenOver);
  }

  private static Row row(long step, Map<String, Double> values, Map<String, Double> wall) {
    return new Row(step, values, wall);
  }
}
