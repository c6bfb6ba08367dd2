package dev.sweeprunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.cli.status.Views;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.testkit.IdleTraining;
import dev.sweeprunner.testkit.Situations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanCommandTests {
  @TempDir Path folder;

  private final Views views = new Views();

  private List<String> plan(Points points, @Nullable String missing, long free) {
    Training training = new IdleTraining(new Training.Size(30_000_000, 10_000_000), missing);
    ExitCode code =
        new PlanCommand(
                List.of(points), views.ports(), training, "w9", () -> free, views.screen(120))
            .run();
    assertThat(code).isEqualTo(ExitCode.DONE);
    return views.printed.lines();
  }

  @Test
  void what_can_be_resumed_comes_before_what_is_new() {
    Points points = Views.grid(folder);
    views.claims.tell(points.key(2), Situations.stale(points.at(2), 80));
    views.claims.tell(points.key(1), Situations.training(points.at(1), 7));

    List<String> lines = plan(points, null, 1_000_000_000);

    assertThat(lines.get(0)).isEqualTo("What worker w9 would do next; nothing is changed.");
    assertThat(lines.get(3))
        .isEqualTo(
            "  1. resume "
                + points.runId(2)
                + " at iteration 80/400 n_embd=16 translation_ratio=0.25");
    assertThat(lines.get(4)).contains("w1 on node7 is gone");
    assertThat(lines.get(5)).startsWith("  2. start ");
    assertThat(lines).filteredOn(line -> line.contains(". start ")).hasSize(2);
    assertThat(lines)
        .containsSequence(
            "Others hold:",
            "  " + points.runId(1) + " training: w1 on node7: beat changed 4 s ago");
  }

  @Test
  void a_failed_run_is_not_yet_and_says_for_how_long() {
    Points points = Views.grid(folder);
    views.claims.tell(points.key(0), Situations.failed(points.at(0), "GPU lost"));
    views.clock.advance(Duration.ofSeconds(20));

    List<String> lines = plan(points, null, 1_000_000_000);

    assertThat(lines)
        .containsSequence(
            "Not yet:",
            "  " + points.runId(0) + " failed: failed on node7 (1x): GPU lost (for another 40 s)");
  }

  @Test
  void room_on_disk_is_counted_from_above() {
    Points points = Views.grid(folder);
    long perRun = 2 * 30_000_000 + (11 + 4) * 10_000_000;

    List<String> lines = plan(points, null, 500_000_000);

    assertThat(lines)
        .contains(
            "Disk: the checkpoints of what is left need at most "
                + HumanFormat.bytes(4 * perRun)
                + "; 500 MB are free in the storage root.")
        .anyMatch(line -> line.startsWith("That may not be enough"));
  }

  @Test
  void enough_room_is_no_reason_to_warn_and_unknown_room_is_unknown() {
    Points points = Views.grid(folder);

    assertThat(plan(points, null, 1_000_000_000))
        .noneMatch(line -> line.startsWith("That may not be enough"));
    assertThat(plan(points, null, -1)).anyMatch(line -> line.contains("free is unknown"));
  }

  @Test
  void what_this_node_lacks_is_told_once_with_all_ids() {
    Points points = Views.grid(folder);

    List<String> lines = plan(points, "no file train.bin", 1_000_000_000);

    assertThat(lines)
        .filteredOn(line -> line.contains("no file train.bin"))
        .singleElement()
        .asString()
        .startsWith("  This node cannot train ")
        .contains(points.runId(0), points.runId(1), points.runId(2), points.runId(3));
  }

  @Test
  void one_cause_of_many_is_said_once() {
    Points points = Views.grid(folder);
    for (int i = 0; i < 2; i++) {
      views.claims.tell(points.key(i), Situations.failed(points.at(i), "GPU lost"));
    }

    List<String> lines = plan(points, null, 1_000_000_000);

    assertThat(lines)
        .filteredOn(line -> line.contains("GPU lost"))
        .singleElement()
        .asString()
        .contains(points.runId(0), points.runId(1))
        .endsWith(" failed: failed on node7 (1x): GPU lost (for another 60 s)");
  }

  @Test
  void every_id_is_named_up_to_a_screenful() {
    Causes causes = new Causes();
    for (int i = 10; i < 31; i++) {
      causes.add("waiting", "r" + i, "nobody has asked W&B yet");
    }

    assertThat(causes.all())
        .singleElement()
        .extracting(Causes.Cause::who)
        .asString()
        .isEqualTo("r10, r11, r12, r13 and 17 more");
    assertThat(causes.all().get(0).who(20)).startsWith("r10, ").endsWith(", r29 and 1 more");
  }

  @Test
  void a_cause_that_names_its_run_is_the_same_for_another() {
    Causes causes = new Causes();
    causes.add("held", "11aa22bb", "To go on: reset 11aa22bb");
    causes.add("held", "33cc44dd", "To go on: reset 33cc44dd");
    causes.add("held", "55ee66ff", "No: reset 55ee66ff");

    assertThat(causes.all())
        .containsExactly(
            new Causes.Cause("held", List.of("11aa22bb", "33cc44dd"), "To go on: reset RUN_ID"),
            new Causes.Cause("held", List.of("55ee66ff"), "No: reset 55ee66ff"));
  }

  @Test
  void the_storage_root_is_named_at_the_end() {
    assertThat(plan(Views.grid(folder), null, 1_000_000_000)).last().isEqualTo("Storage root /st");
  }

  @Test
  void ended_points_are_counted() {
    Points points = Views.grid(folder);
    for (int i = 0; i < 4; i++) {
      views.claims.tell(points.key(i), Situations.finished(points.at(i)));
    }

    List<String> lines = plan(points, null, 1_000_000_000);

    assertThat(lines)
        .contains("Nothing to claim.", "4 of 4 points ended or are the same run as another.");
  }
}
