package dev.sweeprunner.wandb.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.json.ValueJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OfflineFileTests {
  private static final OfflineRun RUN =
      new OfflineRun(
          "abc",
          "team",
          "proj",
          "g",
          "shown",
          "notes",
          List.of("t1", "t2"),
          "node-17",
          Instant.ofEpochSecond(1_700_000_000, 5),
          Map.of("opt", Map.of("lr", 0.1)));

  private final FileSystem files = new LocalFiles();

  @TempDir Path root;

  @Test
  void the_run_comes_first_with_its_config_unwrapped() throws IOException {
    ProtobufReader run = records(out -> {}).get(0).message(17);

    assertThat(List.of(run.text(1), run.text(2), run.text(3), run.text(6), run.text(8)))
        .containsExactly("abc", "team", "proj", "g", "shown");
    assertThat(List.of(run.text(9), run.text(13))).containsExactly("notes", "node-17");
    assertThat(run.texts(10)).containsExactly("t1", "t2");
    assertThat(items(run.message(4))).containsExactly(Map.entry("opt", "{\"lr\":0.1}"));
    assertThat(run.message(17).number(1)).isEqualTo(1_700_000_000);
    assertThat(run.message(17).number(2)).isEqualTo(5);
  }

  @Test
  void what_is_null_is_left_to_the_client_that_syncs() throws IOException {
    OfflineRun bare =
        new OfflineRun(
            "abc", null, "proj", null, null, null, List.of(), "h", RUN.start(), Map.of());

    Path file = OfflineFile.write(files, root, "token", bare, out -> {});

    ProtobufReader run = records(file).get(0).message(17);
    assertThat(run.numbers()).containsExactly(1L, 3L, 4L, 13L, 17L);
  }

  @Test
  void rows_lines_summary_and_exit_follow_in_order_numbered_from_one() throws IOException {
    List<ProtobufReader> records =
        records(
            out -> {
              out.row(4, row("loss", 0.5, "_runtime", 1.5));
              out.line(RUN.start(), true, "oops");
              out.row(6, row("loss", Double.NaN));
              out.summary("best", 0.5);
              out.exit(3, 12);
            });

    assertThat(records).extracting(r -> r.number(1)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    ProtobufReader history = records.get(1).message(2);
    assertThat(items(history)).isEqualTo(Map.of("loss", "0.5", "_runtime", "1.5", "_step", "4"));
    assertThat(history.message(2).number(1)).isEqualTo(4);
    ProtobufReader line = records.get(2).message(13);
    assertThat(line.number(1)).isZero();
    assertThat(line.text(3)).isEqualTo("oops\n");
    assertThat(items(records.get(3).message(2))).containsEntry("loss", "NaN");
    assertThat(items(records.get(4).message(3)))
        .isEqualTo(
            Map.of(
                "loss",
                "NaN",
                "_runtime",
                "1.5",
                "_step",
                "6",
                "best",
                "0.5",
                "_wandb.runtime",
                "12"));
    assertThat(records.get(5).message(18).number(1)).isEqualTo(3);
    assertThat(records.get(5).message(18).number(2)).isEqualTo(12);
  }

  @Test
  void an_alert_is_a_record() throws IOException {
    List<ProtobufReader> records =
        records(
            out -> {
              out.alert("loss is NaN", "at step 3\n", "WARN", 60_000);
              out.exit(0, 12);
            });

    ProtobufReader alert = records.get(1).message(10);
    assertThat(List.of(alert.text(1), alert.text(2), alert.text(3)))
        .containsExactly("loss is NaN", "at step 3\n", "WARN");
    assertThat(alert.number(4)).isEqualTo(60_000);
  }

  @Test
  void metrics_and_system_metrics_are_records_and_a_summary_may_take_the_place_of_the_rows()
      throws IOException {
    List<ProtobufReader> records =
        records(
            out -> {
              out.metric("loss", "x", List.of(1L, 3L), List.of());
              out.stats(RUN.start(), Map.of("cpu", 16.5));
              out.summary(row("best", new ValueJson.Verbatim("0.10"), "_wandb", Map.of()));
              out.exit(0, 12);
            });

    ProtobufReader metric = records.get(1).message(12);
    assertThat(List.of(metric.text(1), metric.text(4))).containsExactly("loss", "x");
    assertThat(metric.message(6).numbers()).containsExactly(1L, 3L);
    assertThat(metric.message(7).numbers()).isEmpty();
    ProtobufReader stats = records.get(2).message(7);
    assertThat(stats.message(2).number(1)).isEqualTo(RUN.start().getEpochSecond());
    assertThat(stats.message(3).text(1)).isEqualTo("cpu");
    assertThat(stats.message(3).text(16)).isEqualTo("16.5");
    assertThat(items(records.get(3).message(3)))
        .isEqualTo(Map.of("best", "0.10", "_wandb.runtime", "12"));
  }

  @Test
  void job_type_and_git_are_told_where_they_are_known() throws IOException {
    OfflineRun known =
        new OfflineRun(
            "abc",
            null,
            "proj",
            null,
            null,
            null,
            List.of(),
            "train",
            "c0ffee",
            "git@x",
            "h",
            RUN.start(),
            Map.of());

    Path file = OfflineFile.write(files, root, "token", known, out -> {});

    ProtobufReader run = records(file).get(0).message(17);
    assertThat(run.text(7)).isEqualTo("train");
    assertThat(run.message(21).text(1)).isEqualTo("git@x");
    assertThat(run.message(21).text(2)).isEqualTo("c0ffee");
  }

  @Test
  void a_run_that_has_not_ended_says_so_after_its_summary() throws IOException {
    List<ProtobufReader> records = records(out -> out.row(0, row("loss", 0.5)));

    assertThat(items(records.get(2).message(3))).isEqualTo(Map.of("loss", "0.5", "_step", "0"));
    assertThat(records.get(3).message(18).numbers()).containsExactly(3L);
    assertThat(records.get(3).message(18).number(3)).isEqualTo(1);
  }

  @Test
  void nothing_follows_the_exit() throws IOException {
    Path file =
        OfflineFile.write(
            files,
            root,
            "token",
            RUN,
            out -> {
              out.exit(0, 1);
              assertThatThrownBy(() -> out.row(0, Map.of()))
                  .isInstanceOf(IllegalStateException.class);
            });

    assertThat(records(file).get(2).numbers()).containsExactly(1L, 18L);
  }

  @Test
  void the_file_appears_whole_and_until_then_under_a_name_that_sync_passes_over()
      throws IOException {
    Path folder = root.resolve("wandb/offline-run-20261123_174228-abc");

    Path file =
        OfflineFile.write(
            files,
            folder,
            "token",
            RUN,
            out -> {
              assertThat(files.list(folder)).singleElement().asString().doesNotContain(".wandb");
              out.exit(0, 1);
            });

    assertThat(file).isEqualTo(folder.resolve("run-abc.wandb"));
    assertThat(files.list(folder)).containsExactly("run-abc.wandb");
  }

  @Test
  void a_token_that_would_make_the_temp_a_run_is_refused() {
    assertThatThrownBy(() -> OfflineFile.write(files, root, "a.wandb", RUN, out -> {}))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(root).isEmptyDirectory();
  }

  @Test
  void rows_are_on_disk_while_more_are_given() throws IOException {
    long[] early = new long[1];

    Path file =
        OfflineFile.write(
            files,
            root,
            "token",
            RUN,
            out -> {
              for (int step = 0; step < 20_000; step++) {
                out.row(step, row("loss", 1.0 / (step + 1)));
              }
              early[0] = Files.size(root.resolve(".t.token"));
            });

    assertThat(Files.size(file) - early[0]).isLessThan(1 << 17);
    assertThat(records(file)).hasSize(20_003);
  }

  @Test
  void content_that_fails_leaves_the_older_file_and_no_temp() throws IOException {
    Path file = OfflineFile.write(files, root, "token", RUN, out -> out.exit(0, 1));
    byte[] older = Files.readAllBytes(file);

    assertThatThrownBy(
            () ->
                OfflineFile.write(
                    files,
                    root,
                    "other",
                    RUN,
                    out -> {
                      out.row(0, row("loss", 1.0));
                      throw new IOException("the journal is damaged");
                    }))
        .hasMessage("the journal is damaged");

    assertThat(file).hasBinaryContent(older);
    assertThat(files.list(root)).containsExactly("run-abc.wandb");
  }

  @Test
  void what_a_crash_left_is_removed_by_the_next_write_and_nothing_else() throws IOException {
    Files.writeString(root.resolve(".t.dead"), "half");
    Files.writeString(root.resolve("run-abc.wandb.synced"), "");

    OfflineFile.write(files, root, "token", RUN, out -> out.exit(0, 1));

    assertThat(files.list(root)).containsExactlyInAnyOrder("run-abc.wandb", "run-abc.wandb.synced");
  }

  private List<ProtobufReader> records(OfflineFile.Content content) throws IOException {
    return records(OfflineFile.write(files, root, "token", RUN, content));
  }

  private static List<ProtobufReader> records(Path file) throws IOException {
    return RecordLogReader.records(Files.readAllBytes(file)).stream()
        .map(ProtobufReader::new)
        .toList();
  }

  /** Key or nested key joined by dots, to value. */
  private static Map<String, String> items(ProtobufReader message) {
    Map<String, String> items = new LinkedHashMap<>();
    for (ProtobufReader item : message.messages(1)) {
      boolean nested = item.numbers().contains(2L);
      items.put(nested ? String.join(".", item.texts(2)) : item.text(1), item.text(16));
    }
    return items;
  }

  private static Map<String, Object> row(Object... pairs) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      row.put((String) pairs[i], pairs[i + 1]);
    }
    return row;
  }
}
