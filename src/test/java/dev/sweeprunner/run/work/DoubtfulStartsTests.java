package dev.sweeprunner.run.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.claim.ClaimPorts;
import dev.sweeprunner.claim.ClaimSettings;
import dev.sweeprunner.claim.DirectoryClaims;
import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.sweep.SpaceOptions;
import dev.sweeprunner.sweep.SweepFile;
import dev.sweeprunner.sweep.SweepFileReader;
import dev.sweeprunner.testkit.Life;
import dev.sweeprunner.testkit.ScriptedTraining;
import dev.sweeprunner.testkit.ScriptedTraining.Fate;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.Situations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Programs that die at their start: no point is given up for it by a worker on which nothing ever
 * worked. A life poisons after five failures on one host.
 */
class DoubtfulStartsTests {
  private static final int ON_ONE_HOST = 5;

  @TempDir Path folder;
  private Points points;

  @BeforeEach
  void makePoints() throws IOException {
    Path file = folder.resolve("sweep.yaml");
    Files.writeString(file, "program: train.py\nparameters: {x: {values: [1, 2]}}\n");
    SweepFile sweep = SweepFileReader.read(file, Map.of());
    points = Points.ofProgram(sweep, sweep.space(SpaceOptions.NONE));
  }

  private Life life(ScriptedTraining training) {
    return new Life(
        folder.resolve("storage"),
        points,
        Trace.OFF,
        0,
        Telemetry.OFF,
        training,
        ScriptedTraining.format(),
        Optional::empty);
  }

  private static ScriptedTraining training(Function<ClaimedRun, Fate> script) {
    return new ScriptedTraining(script);
  }

  /** The first point ends as told, the other is finished. */
  private ScriptedTraining first(Fate fate) {
    String first = points.runId(0);
    return training(run -> run.point().runId().equals(first) ? fate : Fate.COMPLETES);
  }

  private LogEnd end(Point point) {
    Claims claims =
        new DirectoryClaims(
            new Layout(folder.resolve("storage")),
            new LocalFiles(),
            Situations.owner("looker"),
            ClaimSettings.DEFAULT,
            new ClaimPorts(
                new SettableClock(),
                time -> {},
                owner -> Processes.Verdict.UNKNOWN,
                Trace.OFF,
                List::of));
    return ((ClaimState.Logged) claims.look(point.key())).end();
  }

  private long starts(ScriptedTraining training, int index) {
    return training.starts().stream().filter(points.runId(index)::equals).count();
  }

  @Test
  void a_worker_on_which_nothing_worked_poisons_nothing_at_the_usual_limit() {
    ScriptedTraining dying = training(run -> Fate.DIES_AT_START);
    Life life = life(dying);
    ClaimedRun run = life.claim().orElseThrow();

    Outcome outcome = life.train(run);

    assertThat(outcome).isEqualTo(Outcome.FAILED);
    assertThat(end(run.point()).type()).isEqualTo(RecordType.FAIL);
  }

  @Test
  void it_gives_a_point_up_at_twice_the_limit() throws IOException {
    onePoint();
    ScriptedTraining dying = training(run -> Fate.DIES_AT_START);

    Life life = life(dying);
    for (int look = 0; look < 1000 && !life.allSettled(); look++) {
      life.claim().ifPresentOrElse(life::train, life::letTimePass);
    }

    assertThat(dying.starts()).hasSize(2 * ON_ONE_HOST);
    assertThat(end(points.at(0)).type()).isEqualTo(RecordType.POISON);
  }

  @Test
  void a_worker_on_which_a_run_was_finished_gives_it_up_at_the_limit() {
    ScriptedTraining dying = first(Fate.DIES_AT_START);

    life(dying).liveToTheEnd();

    assertThat(starts(dying, 0)).isEqualTo(ON_ONE_HOST);
    assertThat(end(points.at(0)).type()).isEqualTo(RecordType.POISON);
    assertThat(end(points.at(1)).type()).isEqualTo(RecordType.FINISH);
  }

  @Test
  void a_failure_after_the_start_counts_as_ever() throws IOException {
    onePoint();
    ScriptedTraining dying = training(run -> Fate.DIES);

    life(dying).liveToTheEnd();

    assertThat(dying.starts()).hasSize(ON_ONE_HOST);
    assertThat(end(points.at(0)).type()).isEqualTo(RecordType.POISON);
  }

  @Test
  void a_point_that_others_failed_to_start_too_often_is_tried_once_more_where_it_may_work()
      throws IOException {
    onePoint();
    ScriptedTraining dying = training(run -> Fate.DIES_AT_START);
    Life broken = life(dying);
    while (dying.starts().size() < ON_ONE_HOST + 1) {
      broken.claim().ifPresentOrElse(broken::train, broken::letTimePass);
    }
    ScriptedTraining working = training(run -> Fate.COMPLETES);

    life(working).liveToTheEnd();

    assertThat(working.starts()).hasSize(1);
    assertThat(end(points.at(0)).type()).isEqualTo(RecordType.FINISH);
  }

  @Test
  void what_somebody_killed_is_given_back_and_is_no_failure() {
    Life life = life(training(run -> Fate.IS_KILLED));
    ClaimedRun run = life.claim().orElseThrow();

    Outcome outcome = life.train(run);

    assertThat(outcome).isEqualTo(Outcome.RELEASED);
    assertThat(end(run.point()).type()).isEqualTo(RecordType.RELEASE);
    assertThat(end(run.point()).releaseReason()).isEqualTo(ReleaseReason.SHUTDOWN);
    assertThat(end(run.point()).summary().failures()).isZero();
    assertThat(end(run.point()).detail()).contains("killed at iteration 0");
  }

  @Test
  void the_fifth_in_a_row_that_is_killed_is_the_nodes_fault_and_the_run_is_free() {
    Life life = life(training(run -> Fate.IS_KILLED));
    for (int i = 0; i < 4; i++) {
      assertThat(life.train(life.claim().orElseThrow())).isEqualTo(Outcome.RELEASED);
    }
    ClaimedRun fifth = life.claim().orElseThrow();

    assertThatThrownBy(() -> life.train(fifth))
        .isInstanceOf(SickNode.class)
        .hasMessageContaining("5 times in a row");
    assertThat(end(fifth.point()).type()).isEqualTo(RecordType.RELEASE);
  }

  private void onePoint() throws IOException {
    Files.writeString(
        folder.resolve("sweep.yaml"), "program: train.py\nparameters: {x: {values: [1]}}\n");
    SweepFile sweep = SweepFileReader.read(folder.resolve("sweep.yaml"), Map.of());
    points = Points.ofProgram(sweep, sweep.space(SpaceOptions.NONE));
  }
}
