package dev.sweeprunner.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.cli.Reason;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.EarlierTraces;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Registry.Remote;
import dev.sweeprunner.run.RemoteState;
import dev.sweeprunner.run.Scheduler;
import dev.sweeprunner.run.judge.Facts;
import dev.sweeprunner.run.judge.Judge;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Situations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnsweredTests {
  @TempDir Path folder;
  private Points points;

  @BeforeEach
  void makePoints() {
    points = Grids.tiny(folder, 1, 8);
  }

  @Test
  void the_oldest_answer_counts() {
    Remote young = new Remote.NotFound(Duration.ofSeconds(3));
    Remote old = new Remote.Found(new RemoteState("running", 4, null), null, Duration.ofMinutes(2));

    assertThat(Answered.byTracking(List.of(pointStatus(young), pointStatus(old))))
        .contains("W&B was asked 2 min ago");
  }

  @Test
  void one_unknown_makes_the_whole_unknown() {
    Remote young = new Remote.NotFound(Duration.ofSeconds(3));

    assertThat(
            Answered.byTracking(
                List.of(pointStatus(young), pointStatus(new Remote.Unknown("503")))))
        .contains("W&B: 503");
  }

  @Test
  void nothing_is_said_where_nobody_asks() {
    assertThat(Answered.byTracking(List.of(pointStatus(new Remote.NotAsked("W&B is disabled")))))
        .isEmpty();
  }

  @Test
  void slurm_is_named_where_it_says_nothing_of_an_owner_in_a_job() {
    ClaimState.Logged training = (ClaimState.Logged) Situations.training(points.at(0), 4);
    ClaimState elsewhere =
        Situations.by(
            new Owner("i", "w1", "local", "node7", "m", "b", 42, "1", "2", "ann", "cpu", null),
            training);
    Scheduler.View silent = new Scheduler.View.Unknown("squeue gave no answer within 1.0 s");
    Scheduler.View gone = new Scheduler.View.Gone("123_4", "is FAILED");

    assertThat(
            Answered.bySlurm(List.of(pointStatus(training, gone), pointStatus(training, silent))))
        .contains("Slurm: squeue gave no answer within 1.0 s");
    assertThat(Answered.bySlurm(List.of(pointStatus(training, gone)))).isEmpty();
    assertThat(Answered.bySlurm(List.of(pointStatus(elsewhere, silent)))).isEmpty();
    assertThat(
            Answered.bySlurm(List.of(pointStatus(Situations.preempted(points.at(0), 4), silent))))
        .isEmpty();
  }

  @Test
  void an_adopted_run_says_under_which_id_it_finished() {
    PointStatus adopted = pointStatus(new Remote.Adopted("x1y2z3w4", Duration.ofSeconds(3)));

    assertThat(Reason.needed(adopted, Duration.ofMinutes(10))).isTrue();
    assertThat(Reason.of(adopted, Duration.ofMinutes(10))).isEqualTo("finished as x1y2z3w4");
    assertThat(adopted.iter()).isEqualTo(8);
  }

  private PointStatus pointStatus(Remote remote) {
    return pointStatus(new ClaimState.Unclaimed(), remote, new Scheduler.View.Unknown("none"));
  }

  private PointStatus pointStatus(ClaimState claim, Scheduler.View view) {
    return pointStatus(claim, new Remote.NotAsked("W&B is disabled"), view);
  }

  private PointStatus pointStatus(ClaimState claim, Remote remote, Scheduler.View view) {
    Facts facts =
        new Facts(
            points.key(0),
            Goal.of(points.at(0).config()),
            null,
            null,
            claim,
            EarlierTraces.NONE,
            remote,
            view,
            Duration.ZERO,
            Duration.ZERO);
    return new PointStatus(points.at(0), facts, new Judge(Situations.POLICY).verdict(facts), null);
  }
}
