package dev.sweeprunner.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.layout.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  void of_a_finished_run_there_is_one() throws IOException {
    write(layout.runLog(KEY), "2026-01-01T00:00:00Z [relay] whole\n");

    assertThat(new RunLogs(layout).remarks(KEY)).containsExactly("whole");
  }

  @Test
  void without_a_log_nothing_is_known() {
    assertThat(new RunLogs(layout).remarks(KEY)).isEmpty();
  }
}
