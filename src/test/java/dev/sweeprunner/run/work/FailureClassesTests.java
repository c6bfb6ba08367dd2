package dev.sweeprunner.run.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Checkpoints.DamagedCheckpoint;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.SnapshotFormat;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.TrainingFailure;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Life;
import dev.sweeprunner.testkit.ScriptedTraining;
import dev.sweeprunner.testkit.ScriptedTraining.Fate;
import dev.sweeprunner.testkit.Situations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a run that fails, by the class of its failure, over the real claim log. */
class FailureClassesTests {
  private static final String FULL = "No space left on device";

  @TempDir Path folder;
  private Points points;

  @BeforeEach
  void makePoints() {
    points = Grids.tiny(folder.resolve("sweep"), 1, 4);
  }

  private Life life(Function<ClaimedRun, Fate> script, SnapshotFormat format) {
    return new Life(
        folder.resolve("storage"),
        points,
        Trace.OFF,
        0,
        Telemetry.OFF,
        new ScriptedTraining(script),
        format,
        Optional::empty);
  }

  private Life life(Function<ClaimedRun, Fate> script) {
    return life(script, ScriptedTraining.format());
  }

  private List<LogEnd> history(int index) {
    return Situations.claims(new Layout(folder.resolve("storage"))).history(points.at(index).key());
  }

  private LogEnd end(int index) {
    List<LogEnd> history = history(index);
    return history.get(history.size() - 1);
  }

  private static Failure failure(LogEnd end) {
    return Objects.requireNonNull(end.summary().lastFailure());
  }

  @ParameterizedTest
  @CsvSource({
    "CONFIG, 1",
    "DATA, 5",
    "OOM, 5",
    "NUMERIC, 5",
    "INFRA, 5",
    "TIMEOUT, 5",
    "UNKNOWN, 5"
  })
  void a_run_that_always_fails_on_one_host_is_given_up_after(FailureClass kind, int times) {
    Life life =
        life(
            run -> {
              throw new TrainingFailure(kind, "it is " + kind);
            });

    life.liveToTheEnd();

    assertThat(history(0).stream().filter(record -> record.type() == RecordType.FAIL))
        .hasSize(times)
        .allSatisfy(record -> assertThat(failure(record).kind()).isEqualTo(kind));
    assertThat(end(0).type()).isEqualTo(RecordType.POISON);
    assertThat(end(0).detail()).endsWith("the last: it is " + kind);
  }

  @Test
  void a_full_disk_is_never_counted_against_a_run() {
    for (int i = 0; i < 12; i++) {
      Life life =
          life(
              run -> {
                throw TrainingFailure.diskFull("it said: " + FULL);
              });
      ClaimedRun run = life.claim().orElseThrow();

      assertThatThrownBy(() -> life.train(run))
          .isInstanceOf(SickNode.class)
          .hasMessage("the disk is full: it said: " + FULL + "; free space");
      assertThat(end(0).type()).isEqualTo(RecordType.RELEASE);
      assertThat(end(0).releaseReason()).isEqualTo(ReleaseReason.SHUTDOWN);
      assertThat(end(0).summary().failures()).isZero();
      assertThat(end(0).summary().deaths()).isZero();
    }

    life(run -> Fate.COMPLETES).liveToTheEnd();

    assertThat(end(0).type()).isEqualTo(RecordType.FINISH);
  }

  @Test
  void a_last_checkpoint_that_a_full_disk_refuses_gives_the_run_back() {
    Life life = life(run -> Fate.COMPLETES, new Refusing("", FULL));
    ClaimedRun run = life.claim().orElseThrow();

    assertThatThrownBy(() -> life.train(run))
        .isInstanceOf(SickNode.class)
        .hasMessageContaining("final checkpoint could not be written")
        .hasMessageContaining(FULL);

    assertThat(end(0).type()).isEqualTo(RecordType.RELEASE);
    assertThat(new Layout(folder.resolve("storage")).epoch(points.at(0).key(), 1)).doesNotExist();
  }

  @Test
  void a_run_whose_last_checkpoint_alone_is_refused_takes_no_other_with_it() {
    points = Grids.tiny(folder.resolve("sweep"), 4, 4);
    String bad = points.runId(2);
    Life life = life(run -> Fate.COMPLETES, new Refusing(bad, "Input/output error"));

    life.liveToTheEnd();

    assertThat(end(2).type()).isEqualTo(RecordType.POISON);
    assertThat(failure(end(2)).kind()).isEqualTo(FailureClass.INFRA);
    assertThat(end(2).detail()).contains("the final checkpoint could not be written");
    for (int index : List.of(0, 1, 3)) {
      assertThat(end(index).type()).isEqualTo(RecordType.FINISH);
    }
  }

  @Test
  void three_runs_whose_last_checkpoint_is_refused_are_the_nodes_fault() {
    points = Grids.tiny(folder.resolve("sweep"), 4, 4);
    Life life = life(run -> Fate.COMPLETES, new Refusing("", "Input/output error"));

    assertThatThrownBy(life::liveToTheEnd)
        .isInstanceOf(SickNode.class)
        .hasMessageContaining("3 different runs");
  }

  @Test
  void a_loss_that_is_no_number_is_a_failure_with_its_iteration() {
    points =
        Grids.tiny(folder.resolve("sweep"), 1, 8, "  optimizer.learning_rate: {value: 1.0e+30}\n");
    Life life = new Life(folder.resolve("storage"), points, Trace.OFF, 3);
    ClaimedRun run = life.claim().orElseThrow();

    Outcome outcome = life.train(run);

    assertThat(outcome).isEqualTo(Outcome.FAILED);
    assertThat(end(0).type()).isEqualTo(RecordType.FAIL);
    assertThat(failure(end(0)).kind()).isEqualTo(FailureClass.NUMERIC);
    assertThat(failure(end(0)).message())
        .matches("The .+ of iteration \\d+ is (NaN|-?Infinity)\\.");
  }

  /** Checkpoints that the disk refuses, of runs whose folder's name contains a word. */
  private record Refusing(String word, String reason) implements SnapshotFormat {
    @Override
    public Written write(Path at, Snapshot snapshot, int epoch, boolean permanent)
        throws IOException {
      if (at.toString().contains(word)) {
        throw new IOException(reason);
      }
      return ScriptedTraining.format().write(at, snapshot, epoch, permanent);
    }

    @Override
    public Snapshot read(Path at, String manifestSha256) throws IOException, DamagedCheckpoint {
      return ScriptedTraining.format().read(at, manifestSha256);
    }

    @Override
    public long check(Path at, String manifestSha256, boolean pruned)
        throws IOException, DamagedCheckpoint {
      return ScriptedTraining.format().check(at, manifestSha256, pruned);
    }

    @Override
    public @Nullable String manifestSha256(Path at) throws IOException {
      return ScriptedTraining.format().manifestSha256(at);
    }

    @Override
    public List<String> droppable() {
      return List.of();
    }
  }
}
