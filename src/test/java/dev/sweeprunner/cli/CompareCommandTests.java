package dev.sweeprunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.cli.status.Views;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.testkit.IdleTraining;
import dev.sweeprunner.testkit.Situations;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four runs become four others: two stay, two go, two come. */
class CompareCommandTests {
  @TempDir Path folder;

  private final Views views = new Views();
  private Points before;
  private Points after;

  @BeforeEach
  void makePoints() {
    before = Views.grid(folder.resolve("old"));
    after = Views.grid(folder.resolve("new"), 400, "[16, 32]");
  }

  private CompareCommand command(long free) {
    Training training = new IdleTraining(new Training.Size(30_000_000, 10_000_000), null);
    return new CompareCommand(
        before, after, views.ports(), training, () -> free, views.screen(160));
  }

  @Test
  void what_stays_what_comes_and_what_goes_with_its_progress() {
    views.claims.tell(before.key(0), Situations.stale(before.at(0), 80));
    views.claims.tell(before.key(1), Situations.training(before.at(1), 7));
    views.claims.tell(before.key(2), Situations.finished(before.at(2)));

    assertThat(command(1_000_000_000).table()).isEqualTo(ExitCode.DONE);

    assertThat(views.printed.lines())
        .contains(
            "Kept: 2, of which 1 finished and 0 with progress",
            "Added: 2",
            "Dropped: 2",
            "  " + before.runId(0) + "  n_embd=8 translation_ratio=0.25",
            "    It is stale at iteration 80: its checkpoint stays, and it goes on there once it is"
                + " in the sweep again.",
            "    It is training: who trains it finishes it; nobody claims it again.");
    long perRun = 2 * 30_000_000 + (11 + 4) * 10_000_000;
    assertThat(views.printed.text())
        .contains("need at most " + HumanFormat.bytes(3 * perRun) + "; 1.00 GB are free");
  }

  @Test
  void json_names_each_run() {
    views.claims.tell(before.key(2), Situations.finished(before.at(2)));

    assertThat(command(-1).json()).isEqualTo(ExitCode.DONE);

    assertThat(views.printed.text())
        .startsWith("{\"kept\":[")
        .contains(
            "{\"run_id\":\""
                + before.runId(2)
                + "\",\"index\":0,\"state\":\"finished\",\"iter\":400}",
            "\"dropped\":[\n{\"run_id\":\"" + before.runId(0) + "\"",
            "\"bytes_free\":null}");
  }
}
