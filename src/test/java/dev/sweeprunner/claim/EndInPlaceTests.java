package dev.sweeprunner.claim;

import static dev.sweeprunner.claim.Workers.RUN;
import static dev.sweeprunner.claim.Workers.checkpoint;
import static dev.sweeprunner.claim.Workers.claim;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.PublishedNames;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.Finding;
import dev.sweeprunner.run.Lineage;
import dev.sweeprunner.run.PublishedCheckpoint;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run left at its end, published in place of the checkpoint of the same iteration. */
class EndInPlaceTests {
  @TempDir Path root;

  private static PublishedCheckpoint end(long iter, int epoch, String part, long rows) {
    return new PublishedCheckpoint(
        iter,
        epoch,
        PublishedNames.end(iter, epoch),
        "c3".repeat(32),
        false,
        0,
        part + ".jsonl",
        "b2".repeat(32),
        rows);
  }

  @Test
  void it_follows_and_is_the_newest_wherever_it_stands() {
    Workers workers = new Workers(root);
    Claim first = claim(workers.start("a"));
    PublishedCheckpoint one = checkpoint(10, 1);
    PublishedCheckpoint end = end(10, 1, "0000010-e1", 10);

    first.publish(one);
    first.publish(end);

    assertThat(findings(workers)).isEmpty();
    assertThat(Lineage.to(end, first.published())).containsExactly(end);
    assertThat(Lineage.newestFirst(List.of(end, one))).containsExactly(end, one);
    assertThat(PublishedNames.epochOfPart(end.part())).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"20, 0000020-e1, 10", "10, 0000009-e1, 10", "10, 0000010-e1, 9"})
  void one_that_stands_for_other_rows_is_none(long iter, String part, long rows) {
    Workers workers = new Workers(root);
    Claim first = claim(workers.start("a"));

    first.publish(checkpoint(10, 1));
    first.publish(end(iter, 1, part, rows));

    assertThat(findings(workers))
        .singleElement()
        .extracting(Finding::fact)
        .isEqualTo("it publishes no checkpoint of its claim");
  }

  private static List<Finding> findings(Workers workers) {
    return new LogInspection(workers.layout, new LocalFiles()).log(RUN).findings();
  }
}
