package dev.sweeprunner.run.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.EarlierTraces;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.judge.Facts;
import dev.sweeprunner.run.judge.Judge;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Situations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemandTests {
  @TempDir Path folder;
  private Points points;

  @BeforeEach
  void aGrid() {
    points = Grids.tiny(folder, 5, 400);
  }

  private static PointStatus returning(Point point) {
    Scheduler.Job job = new Scheduler.Job("123_4", "PENDING", "BeginTime", 1, null);
    Facts facts =
        new Facts(
            point.key(),
            Goal.of(point.config()),
            null,
            null,
            Situations.preempted(point, 80),
            EarlierTraces.NONE,
            new Registry.Remote.NotAsked("W&B is disabled"),
            new Scheduler.View.Returning(job),
            Duration.ZERO,
            Duration.ZERO);
    return new PointStatus(point, facts, new Judge(Situations.POLICY).verdict(facts), null);
  }

  @Test
  void runs_are_counted_by_what_may_happen_to_them() {
    Demand demand =
        Demand.of(
            List.of(
                Situations.pointStatus(points.at(0), new ClaimState.Unclaimed()),
                Situations.pointStatus(points.at(1), Situations.training(points.at(1), 10)),
                Situations.pointStatus(points.at(2), Situations.finished(points.at(2))),
                Situations.pointStatus(points.at(3), Situations.poisoned(points.at(3), "lost")),
                returning(points.at(4))));

    assertThat(demand.runs()).isEqualTo(5);
    assertThat(demand.claimable()).isEqualTo(1);
    assertThat(demand.taken()).isEqualTo(1);
    assertThat(demand.ended()).isEqualTo(2);
    assertThat(demand.later()).isEqualTo(1);
    assertThat(demand.finished()).as("one was given up").isFalse();
    assertThat(demand.allEnded()).isFalse();
    assertThat(demand.held()).isEqualTo(Map.of(new Demand.Life("123_4", 0, ""), 1));
    assertThat(demand.awaited()).containsExactly("123_4");
  }

  @Test
  void a_dead_owner_holds_its_run_until_it_is_taken_over() {
    Demand demand =
        Demand.of(
            List.of(Situations.pointStatus(points.at(0), Situations.stale(points.at(0), 80))));

    assertThat(demand.claimable()).isEqualTo(1);
    assertThat(demand.held()).hasSize(1);
  }

  @Test
  void what_was_given_back_nobody_holds() {
    Demand demand =
        Demand.of(
            List.of(Situations.pointStatus(points.at(0), Situations.preempted(points.at(0), 80))));

    assertThat(demand.claimable()).isEqualTo(1);
    assertThat(demand.held()).isEmpty();
  }

  @Test
  void a_sweep_of_finished_runs_has_ended_well() {
    Demand demand =
        Demand.of(List.of(Situations.pointStatus(points.at(0), Situations.finished(points.at(0)))));

    assertThat(demand.allEnded()).isTrue();
    assertThat(demand.finished()).isTrue();
  }

  @Test
  void a_run_that_is_in_two_sweeps_counts_once_and_for_both() {
    Census census = new Census();
    for (String name : List.of("a", "b")) {
      census.add(name, points, point -> Situations.pointStatus(point, new ClaimState.Unclaimed()));
    }

    Demand demand = census.demand();

    assertThat(demand.claimable()).isEqualTo(5);
    assertThat(demand.lots()).isEqualTo(Map.of(new Demand.Lot(Set.of("a", "b"), 400), 5));
  }
}
