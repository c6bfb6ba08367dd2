package dev.sweeprunner.run.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.TimeBudget;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.judge.HomeCluster;
import dev.sweeprunner.run.judge.Judge;
import dev.sweeprunner.run.judge.Observer;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.IdleTraining;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.Situations;
import dev.sweeprunner.testkit.ToldClaims;
import dev.sweeprunner.testkit.ToldJournal;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an idle worker looks at while others hold everything, and when it may take its time. */
class CalmTests {
  private static final Duration OLD = Duration.ofSeconds(30);

  @TempDir Path folder;

  private final ToldClaims claims = new ToldClaims();
  private final SettableClock clock = new SettableClock();
  private Points points;
  private Claimer claimer;

  @BeforeEach
  void three_held_points() {
    points = Grids.tiny(folder, 3, 40);
    for (int i = 0; i < 3; i++) {
      claims.tell(key(i), Situations.training(points.at(i), 3));
    }
    claimer = claimer();
  }

  private Claimer claimer() {
    Training training = new IdleTraining(new Training.Size(1, 1), null);
    Judge judge = new Judge(Situations.POLICY);
    Observer observer =
        new Observer(claims, Registry.disabled(), Scheduler.none(), training, clock, judge, false);
    return new Claimer(
        new Pass(points, claims, "w", clock, OLD, HomeCluster.everywhere()),
        observer,
        claims,
        training,
        new LogCloser(claims, new ToldJournal(), Trace.OFF),
        Telemetry.OFF,
        new Claimer.Options(Situations.POLICY, true),
        TimeBudget.unlimited());
  }

  @Test
  void only_runs_whose_beat_stands_are_looked_at() {
    claims.beats(key(0)).beats(key(2));

    assertThat(look()).isFalse();

    assertThat(claims.takeLooks()).containsExactly(points.runId(1));
  }

  @Test
  void all_that_is_left_held_by_owners_that_beat_is_calm_from_the_second_look_on() {
    claims.beats(key(0)).beats(key(2));

    look();
    assertThat(claimer.calm()).isFalse();
    look();
    assertThat(claimer.calm()).isTrue();
  }

  @Test
  void what_was_just_seen_to_be_held_is_passed_by_once_without_a_look() {
    claims.beats(key(0));
    look();
    claims.takeLooks();
    claims.stands(key(0));

    for (int i = 0; i < 3; i++) {
      assertThat(claimer.contend(i)).isEmpty();
    }
    assertThat(claims.takeLooks()).isEmpty();
    assertThat(claimer.contend(0)).isEmpty();
    assertThat(claimer.contend(1)).isEmpty();
    assertThat(claims.takeLooks()).containsExactly(points.runId(0), points.runId(1));
  }

  @Test
  void what_was_not_seen_to_live_is_looked_at_before_it_is_claimed() {
    claims.stands(key(1));
    look();
    claims.takeLooks();

    assertThat(claimer.contend(1)).isEmpty();

    assertThat(claims.takeLooks()).containsExactly(points.runId(1));
  }

  @Test
  void a_silent_owner_ends_the_calm() {
    calm();

    claims.stands(key(1));
    look();

    assertThat(claimer.calm()).isFalse();
  }

  @Test
  void a_listing_that_changed_ends_the_calm() {
    calm();

    claims.end(key(1));
    look();
    assertThat(claims.takeLooks()).isEmpty();

    assertThat(claimer.calm()).isFalse();
    look();
    assertThat(claimer.calm()).isTrue();
  }

  @Test
  void a_run_given_back_ends_the_calm_and_is_to_be_had() {
    calm();

    claims.tell(key(1), Situations.preempted(points.at(1), 20)).stands(key(1));

    assertThat(look()).isTrue();
    assertThat(claimer.calm()).isFalse();
  }

  private void calm() {
    for (int i = 0; i < points.size(); i++) {
      claims.beats(key(i));
    }
    look();
    look();
    assertThat(claimer.calm()).isTrue();
    claims.takeLooks();
  }

  private boolean look() {
    clock.advance(OLD.plusSeconds(1));
    return claimer.anyClaimable();
  }

  private RunKey key(int index) {
    return points.at(index).key();
  }
}
