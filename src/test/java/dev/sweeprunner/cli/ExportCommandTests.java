package dev.sweeprunner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.cli.status.Views;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Checkpoints.DamagedCheckpoint;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.testkit.Situations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTests {
  @TempDir Path folder;

  private final Views views = new Views();
  private Points points;

  @BeforeEach
  void read() {
    points = Views.grid(folder);
  }

  private ExitCode export(ExportCommand.Store store) {
    return new ExportCommand(
            List.of(points), views.claims, id -> List.of(), store, views.screen(120))
        .run(points.runId(0), "model.safetensors");
  }

  @Test
  void the_newest_published_checkpoint_is_written_while_a_worker_trains() {
    views.claims.tell(points.key(0), Situations.published(points.at(0), 80, 93, "train"));

    ExitCode code = export((key, newest) -> OptionalLong.of(1234 + newest.iter()));

    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(views.printed.lines().get(0))
        .startsWith("model.safetensors: iteration 80 (checkpoint 0000080-")
        .endsWith("1,314 parameters in float32");
  }

  @Test
  void what_was_pruned_meanwhile_is_looked_for_anew() {
    views.claims.tell(points.key(0), Situations.published(points.at(0), 80, 93, "train"));
    List<Long> asked = new ArrayList<>();

    export(
        (key, newest) -> {
          asked.add(newest.iter());
          if (newest.iter() == 80) {
            views.claims.tell(points.key(0), Situations.published(points.at(0), 320, 321, "train"));
            throw new DamagedCheckpoint("manifest.json is missing.");
          }
          return OptionalLong.of(1);
        });

    assertThat(asked).containsExactly(80L, 320L);
  }

  @Test
  void damage_is_told_with_the_file_and_never_exported() {
    views.claims.tell(points.key(0), Situations.preempted(points.at(0), 80));

    assertThatThrownBy(
            () ->
                export(
                    (key, newest) -> {
                      throw new DamagedCheckpoint("weights.safetensors has 3 bytes, not 9.");
                    }))
        .isInstanceOf(UserError.class)
        .hasMessage(
            points.runId(0)
                + ": weights.safetensors has 3 bytes, not 9. A worker goes on from the checkpoint"
                + " before it; export again then.");
  }

  @Test
  void a_run_without_a_checkpoint_and_one_of_a_program_are_refused_in_words() {
    assertThatThrownBy(() -> export((key, newest) -> OptionalLong.of(1)))
        .hasMessageContaining("it has published no checkpoint yet");

    views.claims.tell(points.key(0), Situations.preempted(points.at(0), 80));
    assertThatThrownBy(() -> export((key, newest) -> OptionalLong.empty()))
        .hasMessageContaining("a program of yours trains it");
    assertThatThrownBy(
            () ->
                export(
                    (key, newest) -> {
                      throw new IOException("No space left on device");
                    }))
        .hasMessageContaining("it cannot be exported: No space left on device");
  }
}
