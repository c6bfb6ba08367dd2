package dev.sweeprunner.run.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.TrainingFailure;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Life;
import dev.sweeprunner.testkit.ScriptedTraining;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A full disk is nobody's failure: the run is given back, and counts nothing. */
class NoRoomTests {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"No space left on device", "Disk quota exceeded"})
  void a_run_that_a_full_disk_broke_is_given_back_and_has_not_failed(String words)
      throws Exception {
    Points points = Grids.program(folder);
    IOException full = new FileSystemException("rows.jsonl", null, words);
    Life life =
        life(
            points,
            run -> {
              throw new TrainingFailure(FailureClass.INFRA, "a row could not be kept", full);
            });
    ClaimedRun run = life.claim().orElseThrow();

    assertThatThrownBy(() -> life.train(run))
        .isInstanceOf(NoRoom.class)
        .hasMessageContaining("the disk is full: a row could not be kept");

    Path lock = folder.resolve("storage/out/test/.locks").resolve(run.point().runId() + ".lock");
    Fields end = Fields.of(Files.readAllBytes(lock.resolve("00000002.json")));
    assertThat(end.text("type")).isEqualTo("RELEASE");
    assertThat(end.object("fold").integer("failures")).isZero();
  }

  @Test
  void other_errors_of_the_disk_are_failures_as_ever() throws Exception {
    Life life =
        life(
            Grids.program(folder),
            run -> {
              throw new UncheckedIOException(new IOException("Input/output error"));
            });
    ClaimedRun run = life.claim().orElseThrow();

    assertThat(life.train(run)).isEqualTo(dev.sweeprunner.run.Narrator.Outcome.FAILED);
  }

  @Test
  void it_needs_room_for_a_whole_checkpoint() {
    NoRoom full = new NoRoom("full", 100);

    assertThat(full.needing(50).needed()).isEqualTo(100);
    assertThat(full.needing(5000).needed()).isEqualTo(5000);
  }

  private Life life(
      Points points, java.util.function.Function<ClaimedRun, ScriptedTraining.Fate> script) {
    return new Life(
        folder.resolve("storage"),
        points,
        Trace.OFF,
        0,
        Telemetry.OFF,
        new ScriptedTraining(script),
        ScriptedTraining.format(),
        Optional::empty);
  }
}
