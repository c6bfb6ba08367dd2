package dev.sweeprunner.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineageLedgerTests {
  @TempDir Path root;
  private RunFolder folder;
  private Journal.RunJournal journal;
  private List<PublishedCheckpoint> lineage;

  @BeforeEach
  void publishTwoParts() throws IOException {
    folder = new RunFolder(root);
    journal = folder.open(1, 0);
    PublishedCheckpoint first = published(0, 10);
    PublishedCheckpoint second = published(10, 16);
    journal.row(row(16));
    lineage = List.of(first, second);
  }

  @Test
  void lines_are_counted_over_all_parts() throws IOException {
    Ledger ledger = journal.ledger(lineage);

    assertThat(ledger.lines()).isEqualTo(8);
    assertThat(ledger.read(0, 8))
        .extracting(Row::step)
        .containsExactly(0L, 2L, 4L, 6L, 8L, 10L, 12L, 14L);
    assertThat(ledger.read(3, 6)).extracting(Row::step).containsExactly(6L, 8L, 10L);
    assertThat(ledger.read(8, 20)).isEmpty();
  }

  @Test
  void a_row_comes_back_as_it_was_written() throws IOException {
    assertThat(journal.ledger(lineage).read(2, 3)).containsExactly(row(4));
  }

  @Test
  void lines_keep_their_numbers_when_the_run_is_concluded() throws IOException {
    Ledger parts = journal.ledger(lineage);
    List<Row> before = parts.read(0, 8);
    Journal.Joined joined = journal.join(lineage);
    Finish finish = new Finish(16, "0000016-e1", "m", joined.sha256(), joined.rows());
    journal.close();
    folder.journal().conclude(folder.point.key(), finish);

    Ledger whole = folder.journal().ledger(folder.point.key(), finish);

    assertThat(parts.read(0, 8)).isEqualTo(before);
    assertThat(whole.lines()).isEqualTo(9);
    assertThat(whole.read(0, 8)).isEqualTo(before);
    assertThat(whole.read(8, 9)).containsExactly(row(16));
  }

  @Test
  void a_missing_part_is_told_and_never_read_as_empty() throws IOException {
    folder.files.delete(folder.layout.part(folder.point.key(), lineage.get(0).part()));
    Ledger ledger = journal.ledger(lineage);

    assertThatThrownBy(() -> ledger.read(0, 8)).isInstanceOf(IOException.class);
  }

  @Test
  void no_row_of_a_damaged_part_leaves() throws IOException {
    Path part = folder.layout.part(folder.point.key(), lineage.get(1).part());
    java.nio.file.Files.writeString(
        part, java.nio.file.Files.readString(part).replace("\"runtime\":6", "\"runtime\":7"));
    Ledger ledger = journal.ledger(lineage);

    assertThat(ledger.read(0, 5)).hasSize(5);
    assertThatThrownBy(() -> ledger.read(0, 8))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("differs from what was published");
  }

  private PublishedCheckpoint published(long from, long to) throws IOException {
    for (long step = from; step < to; step += 2) {
      journal.row(row(step));
    }
    Journal.StagedPart part = journal.stage(from, to);
    journal.settle(part);
    return new PublishedCheckpoint(
        to,
        1,
        String.format("%07d-e1", to),
        "m",
        false,
        from,
        part.name(),
        part.sha256(),
        part.rows());
  }

  private static Row row(long step) {
    return new Row(step, Map.of("train/loss", 1.0 / (step + 1)), Map.of("runtime", step * 0.5));
  }
}
