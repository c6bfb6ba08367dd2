package dev.sweeprunner.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.cli.status.Views;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.ClaimStarts.Start;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.LogSummary;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.testkit.Situations;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimelineTests {
  @TempDir Path folder;
  private final Timeline timeline = new Timeline();
  private Points points;
  private PageWorld world;

  @BeforeEach
  void begin() {
    points = Views.grid(folder);
    world = new PageWorld(folder, points);
  }

  private List<ClaimSpan> update() {
    return timeline.update(Look.at(world.subject(), world.views.clock.now()));
  }

  private void tell(ClaimState state, LogEnd... history) {
    world.views.claims.tell(points.key(0), List.of(history));
    world.views.claims.tell(points.key(0), state);
  }

  private LogEnd record(int slot, RecordType type, int epoch) {
    LogEnd end = Situations.end(points.at(0), type, LogSummary.EMPTY);
    return new LogEnd(
        slot, type, epoch, end.owner(), end.written(), "sha", end.summary(), null, "", null);
  }

  @Test
  void only_what_is_new_is_news() {
    tell(Situations.training(points.at(0), 3), record(1, RecordType.CLAIM, 1));

    assertThat(timeline.asked()).isFalse();
    assertThat(update()).extracting(ClaimSpan::end).containsExactly(ClaimSpan.End.OPEN);
    assertThat(update()).isEmpty();
    assertThat(timeline.asked()).isTrue();
    assertThat(timeline.newest()).hasSize(1);
  }

  @Test
  void an_owner_that_is_found_dead_is_news() {
    tell(Situations.training(points.at(0), 3), record(1, RecordType.CLAIM, 1));
    update();
    tell(Situations.stale(points.at(0), 3), record(1, RecordType.CLAIM, 1));

    assertThat(update()).extracting(ClaimSpan::end).containsExactly(ClaimSpan.End.SILENT);
  }

  @Test
  void what_was_seen_stays_when_the_log_is_shortened() {
    tell(
        Situations.training(points.at(0), 3),
        record(1, RecordType.CLAIM, 1),
        record(2, RecordType.RELEASE, 1),
        record(3, RecordType.CLAIM, 3));
    update();
    world.starts.put(
        points.runId(0),
        List.of(
            new Start(1, 0, Situations.owner("w1"), Situations.WRITTEN),
            new Start(4, 0, Situations.owner("w1"), Situations.WRITTEN)));
    tell(
        new ClaimState.Logged(record(5, RecordType.FINISH, 4), null),
        record(5, RecordType.FINISH, 4));

    List<ClaimSpan> news = update();

    assertThat(news).extracting(ClaimSpan::end).containsExactly(ClaimSpan.End.FINISHED);
    assertThat(timeline.newest())
        .extracting(ClaimSpan::end)
        .containsExactly(ClaimSpan.End.RELEASED, ClaimSpan.End.FINISHED);
  }
}
