package dev.sweeprunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.cli.status.Views;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.options.OutputFormat;
import dev.sweeprunner.run.Finding;
import dev.sweeprunner.run.Finding.Kind;
import dev.sweeprunner.run.Inspection.Depth;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.RemoteState;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.testkit.AuditedRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditCommandTests {
  @TempDir Path folder;
  private Layout layout;
  private Points points;

  @BeforeEach
  void makePoints() {
    points = Views.grid(folder);
    layout = new Layout(folder.resolve("root"));
  }

  private AuditedRoot root() {
    return new AuditedRoot(layout.root(), List.of(points));
  }

  private void foreignLock() throws IOException {
    Path lock = layout.lock(points.key(1));
    Files.createDirectories(lock.getParent());
    Files.writeString(lock, "pid 7");
  }

  @Test
  void a_clean_tree_is_one_sentence() {
    assertThat(root().print(OutputFormat.TABLE, ExitCode.DONE))
        .isEqualTo("0 runs, 0 rows, 0 findings in the storage root " + layout.root() + "\n");
    assertThat(root().print(OutputFormat.JSON, ExitCode.DONE))
        .isEqualTo(
            "{\"runs\":0,\"rows\":0,\"contents_read\":true,\"findings\":[],\"storage_root\":\""
                + layout.root()
                + "\",\"storage_root_exists\":true}\n");
  }

  @Test
  void a_finding_has_its_place_its_fact_and_the_way_out() throws IOException {
    foreignLock();
    String id = points.runId(1);
    String place = "out/test/.locks/" + id + ".lock";

    List<String> lines = root().print(OutputFormat.TABLE, ExitCode.INCOMPLETE).lines().toList();

    assertThat(lines.get(0)).isEqualTo("not-ours  " + id + "  " + place);
    assertThat(String.join(" ", lines)).contains("is not a folder.", "Stop the other program");
    assertThat(lines)
        .last()
        .isEqualTo("1 run, 0 rows, 1 finding in the storage root " + layout.root());
    assertThat(root().print(OutputFormat.JSON, ExitCode.INCOMPLETE))
        .contains(
            "{\"kind\":\"foreign\",\"run_id\":\"" + id + "\",\"path\":\"" + place + "\",\"fact\":",
            "\"way_out\":\"Stop the other program");
    assertThat(root().print(OutputFormat.CSV, ExitCode.INCOMPLETE).lines())
        .hasSize(2)
        .first()
        .isEqualTo("kind,run_id,path,fact,way_out");
  }

  @Test
  void what_wandb_says_was_finished_right_here_is_missing() {
    RemoteState done = new RemoteState(RemoteState.FINISHED, 400, null);
    Registry says = runId -> new Registry.Remote.Found(done, "local", Duration.ZERO);
    Registry elsewhere = runId -> new Registry.Remote.Found(done, "other", Duration.ZERO);

    assertThat(new AuditedRoot(layout.root(), List.of(points), says).findings(Depth.ALL))
        .hasSize(4)
        .extracting(Finding::kind)
        .containsOnly(Kind.MISSING);
    assertThat(new AuditedRoot(layout.root(), List.of(points), elsewhere).findings(Depth.ALL))
        .isEmpty();
  }
}
