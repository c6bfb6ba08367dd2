package dev.sweeprunner.run.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.ListedClaims;
import dev.sweeprunner.run.Narrator;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.judge.HomeCluster;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepProgressTests {
  @TempDir Path folder;

  private final SettableClock clock = new SettableClock();
  private final ListedClaims claims = new ListedClaims();
  private final Heard heard = new Heard();
  private Points points;
  private Pass pass;
  private SweepProgress progress;

  @BeforeEach
  void makeSweep() {
    points = Grids.tiny(folder, 10, 8);
    pass = new Pass(points, claims, "w1", clock, Duration.ofSeconds(30), HomeCluster.everywhere());
    progress = new SweepProgress("a.yaml", pass, clock, heard);
    othersEnded(0, 1);
    progress.begin();
  }

  @Test
  void what_has_ended_before_says_nothing_of_the_pace() {
    finished(2, Duration.ofMinutes(2));

    assertThat(heard.lines).containsExactly("a.yaml 2/10 null", "a.yaml 3/10 PT14M");
  }

  @Test
  void it_is_told_once_after_each_run_and_not_without_one() {
    progress.tell();
    finished(2, Duration.ofMinutes(1));
    progress.tell();

    assertThat(heard.lines).hasSize(2);
  }

  @Test
  void what_others_ended_counts_once_the_pass_has_seen_it() {
    clock.advance(Duration.ofMinutes(6));
    progress.ended(points.at(2), Outcome.FINISHED, "");
    othersEnded(2, 3, 4); // its own, too
    progress.tell();

    assertThat(heard.lines).endsWith("a.yaml 5/10 PT10M");
    assertThat(claims.listings).isEqualTo(2);
  }

  @Test
  void a_run_that_was_given_back_has_not_ended_and_the_pace_stays_unknown() {
    clock.advance(Duration.ofMinutes(6));
    progress.ended(points.at(2), Outcome.RELEASED, "");
    progress.tell();

    assertThat(heard.lines).endsWith("a.yaml 2/10 null");
  }

  @Test
  void at_the_end_nothing_is_left() {
    for (int index = 2; index < 10; index++) {
      finished(index, Duration.ofMinutes(1));
    }

    assertThat(heard.lines).endsWith("a.yaml 9/10 PT1M", "a.yaml 10/10 null");
  }

  private void finished(int index, Duration took) {
    clock.advance(took);
    progress.ended(points.at(index), Outcome.FINISHED, "");
    progress.tell();
  }

  private void othersEnded(int... indices) {
    for (int index : indices) {
      claims.locked.add(points.runId(index));
      claims.ended.add(points.runId(index));
    }
    pass.begin();
  }

  private static final class Heard implements Narrator {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void say(String news) {
      throw new AssertionError(news);
    }

    @Override
    public void progress(String sweep, int ended, int all, @Nullable Duration left) {
      lines.add(sweep + " " + ended + "/" + all + " " + left);
    }
  }
}
