package dev.sweeprunner.run.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.RunListener;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Situations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunListenersTests {
  private final List<String> heard = new ArrayList<>();

  @Test
  void who_hears_of_this_run_alone_comes_before_who_hears_of_all_in_the_order_of_coming(
      @TempDir Path folder) {
    Point point = Grids.tiny(folder, 1, 4).at(0);
    RunListeners all = new RunListeners(named("all 1"), named("all 2"));

    all.ending(Outcome.FAILED, "too early for most");
    all.add(named("own 1"));
    all.add(named("own 2"));
    all.published(point, Situations.checkpoint(3), Duration.ZERO);

    assertThat(heard)
        .containsExactly(
            "all 1 ending", "all 2 ending", "own 1 at 3", "own 2 at 3", "all 1 at 3", "all 2 at 3");
  }

  private RunListener named(String name) {
    return new RunListener() {
      @Override
      public void published(Point point, PublishedCheckpoint checkpoint, Duration took) {
        heard.add(name + " at " + checkpoint.iter());
      }

      @Override
      public void ending(Outcome outcome, String detail) {
        heard.add(name + " ending");
      }
    };
  }
}
