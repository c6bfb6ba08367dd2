package dev.sweeprunner.journal;

import static dev.sweeprunner.journal.RunFolder.publish;
import static dev.sweeprunner.journal.RunFolder.row;
import static dev.sweeprunner.journal.RunFolder.rows;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.PublishedNames;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.testkit.Grids;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class DirectoryJournalTests {
  @TempDir Path root;
  private RunFolder folder;

  @BeforeEach
  void makeFolder() {
    folder = new RunFolder(root);
  }

  @Test
  void a_claim_leaves_the_config_and_where_it_came_from() throws IOException {
    folder.open(1, 0).close();

    var config = JsonMapper.shared().readTree(folder.files.read(folder.layout.config(key())));
    var meta = JsonMapper.shared().readTree(folder.files.read(meta(1).resolve("meta.json")));
    assertThat(config.path("v").intValue()).isEqualTo(1);
    assertThat(config.path("sha256").stringValue()).isEqualTo(folder.point.config().sha256());
    assertThat(Files.readString(folder.layout.config(key())))
        .contains(folder.point.config().canonicalJson());
    assertThat(folder.journal().goal(key())).contains(Goal.of(folder.point.config()));
    assertThat(meta.path("commit").stringValue()).isEqualTo("c0ffee");
    assertThat(meta.path("host").path("worker").stringValue()).isEqualTo("node1-1");
    assertThat(meta.path("config")).isEqualTo(config.path("config"));
    assertThat(Files.readString(meta(1).resolve("diff.patch"))).isEqualTo("diff --git a b\n");
  }

  @Test
  void a_later_claim_leaves_the_config_alone() throws IOException {
    folder.open(1, 0).close();
    var before = Files.readAttributes(folder.layout.config(key()), "lastModifiedTime,fileKey");

    folder.open(2, 0).close();

    assertThat(Files.readAttributes(folder.layout.config(key()), "lastModifiedTime,fileKey"))
        .isEqualTo(before);
    assertThat(folder.content()).containsKeys("meta/1/meta.json", "meta/2/meta.json");
  }

  @Test
  void a_folder_of_another_config_is_refused() throws IOException {
    folder.open(1, 0).close();
    var other = Grids.tiny(root.resolve("other"), 2, 9).at(1);
    var collision = new Point(1, other.overrides(), other.config(), key(), null);

    assertThatThrownBy(() -> folder.journal().open(collision, 2, 0))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining(folder.point.config().sha256())
        .hasMessageContaining(other.config().sha256());
  }

  @Test
  void a_config_file_of_another_program_or_a_newer_version_is_refused() throws IOException {
    folder.files.makeFolders(folder.layout.run(key()));
    for (var text : List.of("", "{\"lr\": 1", "{\"lr\": 1}", "{\"v\":2,\"sha256\":\"x\"}")) {
      Files.writeString(folder.layout.config(key()), text);

      assertThatThrownBy(() -> folder.open(1, 0)).isInstanceOf(UserError.class);
      assertThat(folder.journal().goal(key())).isEmpty();
    }
  }

  @Test
  void a_part_holds_the_rows_of_its_range_only() throws IOException {
    try (var journal = folder.open(1, 0)) {
      rows(journal, 0, 5);
      var part = journal.stage(0, 3);

      assertThat(part.rows()).isEqualTo(3);
      assertThat(folder.content()).doesNotContainKey("metrics/0000003-e1.jsonl");
      journal.settle(part);

      var text = Files.readString(folder.layout.part(key(), "0000003-e1.jsonl"));
      assertThat(text).startsWith("{\"iter\":0,");
      assertThat(text.lines()).hasSize(3);
      assertThat(Sha256.of(text.getBytes(UTF_8))).isEqualTo(part.sha256());
    }
  }

  @Test
  void a_publish_that_failed_half_way_can_be_made_again_and_further() throws IOException {
    try (var journal = folder.open(1, 0)) {
      rows(journal, 0, 3);
      journal.settle(journal.stage(0, 3));
      journal.settle(journal.stage(0, 3));
      rows(journal, 3, 5);
      var published = publish(journal, 1, 0, 5);

      assertThat(published.partRows()).isEqualTo(5);
      assertThat(journal.join(List.of(published)).rows()).isEqualTo(5);
      assertThatThrownBy(() -> journal.stage(5, 5)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void each_step_comes_once_and_in_order() throws IOException {
    try (var journal = folder.open(1, 2)) {
      rows(journal, 2, 4);

      assertThatThrownBy(() -> journal.row(row(3))).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> journal.row(row(1))).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void a_preempted_run_joins_to_the_rows_of_one_that_was_not() throws IOException {
    var finish = folder.joined();
    folder.journal().conclude(key(), finish);
    var preempted = Files.readString(folder.layout.journal(key()));

    var other = new RunFolder(root.resolve("undisturbed"));
    try (var journal = other.open(1, 0)) {
      rows(journal, 0, 4);
      var published = publish(journal, 1, 0, 4);
      rows(journal, 4, 5);
      var joined = journal.join(List.of(published));

      assertThat(joined.rows()).isEqualTo(5).isEqualTo(finish.rows());
      assertThat(joined.sha256()).isEqualTo(finish.journalSha256());
    }
    assertThat(preempted.lines()).hasSize(5);
  }

  @Test
  void rows_as_a_program_logged_them_are_published_restored_and_joined_as_any()
      throws IOException, UnreadableJson {
    try (var journal = folder.open(1, 0)) {
      for (long step = 0; step < 8; step++) {
        journal.row(Row.logged(step, "\"loss\": NaN,\"h\":{\"n\":[" + step + "]}", Map.of()));
      }
      var first = publish(journal, 1, 0, 3);
      var second = publish(journal, 1, 3, 6);
      var file = folder.layout.part(key(), second.part());
      var whole = Files.readString(file);
      Files.writeString(file, whole.replace("NaN", "nan"));

      assertThat(folder.journal().damage(key(), second)).isPresent();
      assertThat(folder.journal().restore(key(), second)).isTrue();
      assertThat(file).hasContent(whole);
      assertThat(folder.journal().damage(key(), second)).isEmpty();
      assertThat(journal.join(List.of(first, second)).rows()).isEqualTo(8);
      assertThat(journal.ledger(List.of(first, second)).read(4, 5))
          .containsExactly(Row.logged(4, "\"loss\": NaN,\"h\":{\"n\":[4]}", Map.of()));
    }
  }

  @Test
  void a_part_that_an_heir_has_published_anew_is_restored_from_the_rows_of_its_maker()
      throws IOException {
    try (var journal = folder.open(1, 0)) {
      rows(journal, 0, 4);
      var first = publish(journal, 1, 0, 4);
      var end =
          new PublishedCheckpoint(
              4, 2, PublishedNames.end(4, 2), "m", false, 0, first.part(), first.partSha256(), 4);
      Files.delete(folder.layout.part(key(), first.part()));

      assertThat(folder.journal().restore(key(), end)).isTrue();
      assertThat(folder.journal().damage(key(), end)).isEmpty();
      assertThat(journal.join(List.of(end)).rows()).isEqualTo(4);
    }
  }

  @Test
  void a_join_refuses_what_is_missing_changed_or_leaves_a_gap() throws IOException {
    try (var journal = folder.open(1, 0)) {
      rows(journal, 0, 6);
      var first = publish(journal, 1, 0, 2);
      var second = publish(journal, 1, 2, 4);
      assertThatThrownBy(() -> journal.join(List.of(second)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("gap");

      var file = folder.layout.part(key(), second.part());
      var text = Files.readString(file);
      Files.writeString(file, text.replace("3.5", "3.6"));
      assertThatThrownBy(() -> journal.join(List.of(first, second)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("differs");

      Files.writeString(file, text);
      assertThat(journal.join(List.of(first, second)).rows()).isEqualTo(6);

      Files.delete(file);
      assertThatThrownBy(() -> journal.join(List.of(first, second)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("missing");
    }
  }

  @Test
  void a_join_refuses_rows_out_of_their_range_even_with_the_right_hash() throws IOException {
    try (var journal = folder.open(1, 0)) {
      rows(journal, 0, 4);
      var part = publish(journal, 1, 0, 4);
      var narrow =
          new PublishedCheckpoint(
              3, 1, part.name(), "m", false, 0, part.part(), part.partSha256(), part.partRows());
      var fewer =
          new PublishedCheckpoint(
              4, 1, part.name(), "m", false, 0, part.part(), part.partSha256(), 3);

      assertThatThrownBy(() -> journal.join(List.of(narrow))).hasMessageContaining("no row after");
      assertThatThrownBy(() -> journal.join(List.of(fewer))).hasMessageContaining("4 rows where 3");
    }
  }

  @Test
  void the_crash_points_are_reached_in_the_order_of_the_commit() throws IOException {
    folder.joined();

    assertThat(folder.reached)
        .containsExactly(
            "part.staged", "part.renamed", "part.staged", "part.renamed", "join.written");
  }

  @Test
  void a_disk_that_takes_no_more_rows_does_not_stop_the_run() throws IOException {
    var files = new FullAppends(folder.files);
    try (var journal = folder.journal(files, "a1").open(folder.point, 1, 0)) {
      files.full = true;
      rows(journal, 0, 2);
      journal.log("not kept");
      files.full = false;

      assertThat(publish(journal, 1, 0, 2).partRows()).isEqualTo(2);
    }
  }

  @Test
  void the_newest_row_is_found_at_every_stage_of_a_run() throws IOException {
    assertThat(newest(1)).isEmpty();
    try (var journal = folder.open(1, 0)) {
      assertThat(newest(1)).isEmpty();
      rows(journal, 0, 3);
      assertThat(newest(1)).map(Row::step).contains(2L);
      publish(journal, 1, 0, 3);
    }
    folder.files.deleteTree(folder.layout.epoch(key(), 1));
    assertThat(newest(1)).map(Row::step).contains(2L);

    var other = new RunFolder(root.resolve("finished"));
    other.journal().conclude(other.point.key(), other.joined());
    assertThat(other.journal().newest(other.point.key(), 5)).contains(row(4));
  }

  @Test
  void a_log_has_a_line_per_call_with_its_time() throws IOException {
    try (var journal = folder.open(1, 0)) {
      journal.log("one");
      journal.log("two\nmore\n");
    }

    assertThat(folder.content())
        .containsEntry(
            "meta/1/run.log", "2026-01-01T00:00:00Z one\n2026-01-01T00:00:00Z two\n  more\n");
  }

  private Optional<Row> newest(int epoch) {
    return folder.journal().newest(key(), epoch);
  }

  private RunKey key() {
    return folder.point.key();
  }

  private Path meta(int epoch) {
    return folder.layout.meta(key(), epoch);
  }

  @Test
  void a_summary_is_written_for_people() throws IOException {
    var finish = folder.joined();

    folder.journal().conclude(key(), finish);

    var finished = JsonMapper.shared().readTree(folder.files.read(folder.layout.finished(key())));
    assertThat(finished.path("v").intValue()).isEqualTo(1);
    assertThat(finished.path("rows").intValue()).isEqualTo(5);
    assertThat(finished.path("journal_sha256").stringValue()).isEqualTo(finish.journalSha256());
    assertThat(JsonMapper.shared().convertValue(finished.path("summary"), Map.class))
        .isEqualTo(Map.of("train/loss", 0.2));
  }
}
