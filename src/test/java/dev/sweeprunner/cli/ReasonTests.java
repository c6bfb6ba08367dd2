package dev.sweeprunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.cli.status.Views;
import dev.sweeprunner.config.Point;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.LogSummary;
import dev.sweeprunner.run.Origin;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.testkit.Situations;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReasonTests {
  private static final Duration EXPIRY = Duration.ofMinutes(10);

  @TempDir Path folder;

  private static PublishedCheckpoint checkpoint(long iter, long from, long rows) {
    return new PublishedCheckpoint(
        iter, 1, "0", "m", false, from, "0.jsonl", "s", rows, new Origin("model", 240));
  }

  private static PointStatus givenBack(Point point, PublishedCheckpoint newest) {
    LogSummary summary = LogSummary.EMPTY.claimed(false).published(newest);
    return Situations.pointStatus(
        point, new ClaimState.Logged(Situations.end(point, RecordType.RELEASE, summary), null));
  }

  @Test
  void the_table_says_that_a_run_was_imported_until_somebody_trains_it() {
    Point point = Views.grid(folder).at(0);

    assertThat(Reason.needed(givenBack(point, checkpoint(240, 0, 0)), EXPIRY)).isTrue();
    assertThat(Reason.needed(givenBack(point, checkpoint(320, 240, 4)), EXPIRY)).isFalse();
    assertThat(Reason.needed(givenBack(point, Situations.checkpoint(240)), EXPIRY)).isFalse();
  }
}
