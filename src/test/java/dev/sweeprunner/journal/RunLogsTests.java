package dev.sweeprunner.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.layout.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the relay has noticed is found again in a run's logs. */
class RunLogsTests {
  private static final RunKey KEY = new RunKey("p", "g", "0a1b2c3d", null);

  @TempDir Path root;
  private Layout layout;

  @BeforeEach
  void makeLayout() {
    layout = new Layout(root);
  }

  private void write(Path log, String text) throws IOException {
    Files.createDirectories(log.getParent());
    Files.writeString(log, text);
  }

  @Test
  void the_logs_of_all_claims_are_read_in_their_order_and_each_remark_counts_once()
      throws IOException {
    write(layout.runLog(KEY, 10), "2026-01-01T00:00:00Z [relay] steps 7-9 never arrived\n");
    write(
        layout.runLog(KEY, 2),
        """
        2026-01-01T00:00:00Z loss 1
        2026-01-01T00:00:00Z [relay] it asks for x
          [relay] printed
        2026-01-01T00:00:01Z said [relay] by itself
        2026-01-01T00:00:02Z [relay] it asks for x
        """);

    assertThat(new RunLogs(layout).remarks(KEY))
        .containsExactly("it asks for x", "steps 7-9 never arrived");
  }

  @Test
  void the_newest_alerts_come_last_and_crowd_out_nothing() throws IOException {
    StringBuilder log = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      log.append("2026-01-01T00:00:00Z [relay] Its program alerts (INFO): t: ").append(i);
      log.append('\n');
    }
    write(layout.runLog(KEY), log + "2026-01-01T00:00:00Z [relay] steps 7-9 never arrived\n");

    List<String> remarks = new RunLogs(layout).remarks(KEY);

    assertThat(remarks).hasSize(6).startsWith("steps 7-9 never arrived");
    assertThat(remarks).endsWith("Its program alerts (INFO): t: 39");
  }

  @Test
  void of_a_finished_run_there_is_one() throws IOException {
    write(layout.runLog(KEY), "2026-01-01T00:00:00Z [relay] whole\n");

    assertThat(new RunLogs(layout).remarks(KEY)).containsExactly("whole");
  }

  @Test
  void without_a_log_nothing_is_known() {
    assertThat(new RunLogs(layout).remarks(KEY)).isEmpty();
  }
}
