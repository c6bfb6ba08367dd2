package dev.sweeprunner.relay.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.run.TrackedAlert;
import dev.sweeprunner.run.TrackedRun;
import dev.sweeprunner.testkit.Delegating;
import dev.sweeprunner.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client tells besides rows, on disk. */
class TrackedFolderTests {
  private final SettableClock clock = new SettableClock();
  private final List<String> said = new ArrayList<>();
  private int replaced;

  @TempDir Path folder;

  private TrackedFolder open() throws IOException {
    Delegating files =
        new Delegating(new LocalFiles()) {
          @Override
          public void replace(Path file, byte[] content) throws IOException {
            replaced++;
            super.replace(file, content);
          }
        };
    return new TrackedFolder(files, folder, clock, new Rules(), TrackedRun.UNSAID, said::add);
  }

  private TrackedRun written() throws Exception {
    return TrackedRun.read(Files.readAllBytes(folder.resolve("run.json")));
  }

  private Map<Long, String> console() throws Exception {
    Map<Long, String> lines = new TreeMap<>();
    for (String line : Files.readAllLines(folder.resolve("output.log"))) {
      Fields record = Fields.of(line.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      lines.put(record.number("number"), record.text("line"));
    }
    return lines;
  }

  private static Map<String, @Nullable Object> variables(String name, Object value) {
    Map<String, @Nullable Object> variables = new HashMap<>();
    variables.put("notes", null);
    variables.put(name, value);
    return variables;
  }

  @Test
  void a_description_leaves_what_it_does_not_say() throws Exception {
    TrackedFolder told = open();

    told.described(variables("config", "{\"lr\":{\"value\":NaN}}"));
    told.described(variables("notes", "mine"));
    told.described(variables("tags", List.of("a", "b")));
    told.described(variables("displayName", "name"));

    assertThat(written())
        .isEqualTo(
            new TrackedRun(
                "{\"lr\":{\"value\":NaN}}",
                "{}",
                new TrackedRun.Names(
                    "name", "mine", null, null, null, null, null, null, List.of("a", "b"))));
    assertThat(replaced).isEqualTo(4);
    told.described(variables("displayName", "name"));
    assertThat(replaced).isEqualTo(4);
  }

  @Test
  void a_summary_that_changes_all_the_time_is_written_now_and_then() throws Exception {
    TrackedFolder told = open();
    for (int i = 0; i < 60; i++) {
      told.summary("{\"loss\":" + i + "}");
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(replaced).isEqualTo(12);

    told.write();

    assertThat(written().summary()).isEqualTo("{\"loss\":59}");
  }

  @Test
  void nothing_that_was_told_leaves_no_file() throws IOException {
    open().close();

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_progress_bar_hardly_grows_the_file_and_ends_as_it_ended() throws Exception {
    TrackedFolder told = open();
    for (int second = 0; second < 100_000; second++) {
      told.console(0, List.of("epoch", "outer " + second / 1000, "inner " + second));
      clock.advance(Duration.ofSeconds(1));
    }
    told.console(3, List.of("done"));
    told.write();

    assertThat(console())
        .isEqualTo(Map.of(0L, "epoch", 1L, "outer 99", 2L, "inner 99999", 3L, "done"));
    assertThat(Files.size(folder.resolve("output.log"))).isLessThan(3000);
    assertThat(told.consoleLines()).isEqualTo(4);
  }

  @Test
  void lines_far_behind_are_settled_as_others_come() throws Exception {
    TrackedFolder told = open();
    told.console(0, List.of("bar 0"));
    told.console(0, List.of("bar 1"));
    told.console(1, java.util.Collections.nCopies(70, "x"));

    assertThat(console()).containsEntry(0L, "bar 1").hasSize(71);
  }

  @Test
  void a_console_without_end_is_kept_to_a_bound_and_that_is_said_once() throws Exception {
    TrackedFolder told = open();
    String line = "x".repeat(200_000);
    for (int i = 0; i < 400; i++) {
      told.console(i, List.of(line + i));
    }

    assertThat(Files.size(folder.resolve("output.log"))).isBetween(16L << 20, 17L << 20);
    assertThat(said).hasSize(1);
  }

  @Test
  void events_that_are_sent_again_are_there_once() throws Exception {
    TrackedFolder told = open();
    told.events(0, List.of("{\"a\":1}", "{\"a\":2}"));
    told.events(0, List.of("{\"a\":1}", "{\"a\":2}", "{\"a\":3}"));
    told.close();

    assertThat(Files.readAllLines(folder.resolve("events.jsonl")))
        .containsExactly("{\"a\":1}", "{\"a\":2}", "{\"a\":3}");
    assertThat(open().eventLines()).isEqualTo(3);
  }

  @Test
  void alerts_lie_there_when_they_were_taken_as_often_as_they_were_said() throws Exception {
    TrackedFolder told = open();
    TrackedAlert alert = new TrackedAlert("t", "two\nlines \"é\"", "WARN", 60_000L);
    TrackedAlert bare = new TrackedAlert("t", "", null, null);
    told.alert(alert);
    told.alert(alert);
    told.alert(bare);

    List<TrackedAlert> read = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("alerts.jsonl"))) {
      read.add(TrackedAlert.read(line));
    }
    assertThat(read).containsExactly(alert, alert, bare);
  }
}
