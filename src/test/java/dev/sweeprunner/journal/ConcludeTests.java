package dev.sweeprunner.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcludeTests {
  private static final String LOG =
      "2026-01-01T00:00:00Z first life\n2026-01-01T00:00:00Z second life\n";

  @TempDir Path root;

  @Test
  void a_concluded_run_keeps_its_journal_its_whole_log_and_no_litter() throws IOException {
    var folder = new RunFolder(root);
    var finish = folder.joined();

    folder.journal().conclude(folder.point.key(), finish);

    assertConcluded(folder, finish);
  }

  @Test
  void a_second_conclusion_changes_nothing() throws IOException {
    var folder = new RunFolder(root);
    var finish = folder.joined();
    folder.journal().conclude(folder.point.key(), finish);
    var before = folder.content();

    folder.journal().conclude(folder.point.key(), finish);

    assertThat(folder.content()).isEqualTo(before);
  }

  @Test
  void whoever_dies_at_any_change_the_next_one_concludes() throws IOException {
    boolean died = true;
    int changes = 0;
    for (; died; changes++) {
      var folder = new RunFolder(root.resolve("after-" + changes));
      var finish = folder.joined();

      died = dies(folder, finish, changes);
      folder.journal(folder.files, "b2").conclude(folder.point.key(), finish);

      assertConcluded(folder, finish);
    }
    assertThat(changes).isGreaterThan(12);
  }

  private static boolean dies(RunFolder folder, Finish finish, int changes) throws IOException {
    try {
      folder
          .journal(new DyingFiles(folder.files, changes), "a1")
          .conclude(folder.point.key(), finish);
      return false;
    } catch (DyingFiles.Died death) {
      return true;
    }
  }

  @Test
  void what_a_killed_process_left_in_the_making_is_cleared() throws IOException {
    var folder = new RunFolder(root);
    var finish = folder.joined();
    Files.writeString(folder.layout.run(folder.point.key()).resolve(".t.4711"), "{\"v\"");

    folder.journal().conclude(folder.point.key(), finish);

    assertConcluded(folder, finish);
  }

  @Test
  void several_may_conclude_at_once() throws Exception {
    var pool = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < 25; i++) {
        var folder = new RunFolder(root.resolve("at-once-" + i));
        var finish = folder.joined();
        var gate = new CyclicBarrier(2);

        var one = pool.submit(concluding(folder, folder.journal(folder.files, "a1"), finish, gate));
        var two = pool.submit(concluding(folder, folder.journal(folder.files, "b2"), finish, gate));
        one.get();
        two.get();

        assertConcluded(folder, finish);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static Callable<Boolean> concluding(
      RunFolder folder, Journal journal, Finish finish, CyclicBarrier gate) {
    return () -> {
      gate.await();
      journal.conclude(folder.point.key(), finish);
      return true;
    };
  }

  @Test
  void a_journal_of_a_superseded_claim_is_not_taken_for_the_one_that_finish_names()
      throws IOException {
    var folder = new RunFolder(root);
    var finish = folder.joined();
    var zombie = folder.layout.epoch(folder.point.key(), 1).resolve("metrics.jsonl");
    Files.writeString(zombie, "{\"iter\":0}\n");

    folder.journal().conclude(folder.point.key(), finish);

    assertConcluded(folder, finish);
  }

  @Test
  void without_the_journal_that_finish_names_nothing_is_removed() throws IOException {
    var folder = new RunFolder(root);
    var finish = folder.joined();
    Files.delete(folder.layout.epoch(folder.point.key(), 5).resolve("metrics.jsonl"));
    var before = folder.content();

    assertThatThrownBy(() -> folder.journal().conclude(folder.point.key(), finish))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(finish.journalSha256());
    assertThat(folder.content()).isEqualTo(before);
  }

  private static void assertConcluded(RunFolder folder, Finish finish) throws IOException {
    var content = folder.content();
    assertThat(content.keySet())
        .containsExactlyInAnyOrder(
            "FINISHED.json",
            "config.json",
            "meta/1/diff.patch",
            "meta/1/meta.json",
            "meta/5/diff.patch",
            "meta/5/meta.json",
            "metrics.jsonl",
            "run.log");
    assertThat(content).containsEntry("run.log", LOG);
    assertThat(Sha256.of(folder.files.read(folder.layout.journal(folder.point.key()))))
        .isEqualTo(finish.journalSha256());
    assertThat(folder.files.list(folder.layout.run(folder.point.key())))
        .doesNotContain("metrics", "epochs");
  }
}
