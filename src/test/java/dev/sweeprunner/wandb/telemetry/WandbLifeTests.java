package dev.sweeprunner.wandb.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Trace;
import dev.sweeprunner.testkit.Life;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What W&amp;B shows of a run whose worker is killed or frozen at every moment of its life. */
class WandbLifeTests {
  private static final int INTERVAL = 3;
  private static final Set<String> WALL =
      Set.of("_runtime", "_timestamp", "time_ms", "mfu", "tokens_per_s");

  @TempDir Path folder;
  private LifeStage stage;

  @BeforeEach
  void liveUndisturbed() {
    stage =
        new LifeStage(
            folder,
            WALL,
            (premises, trace, uplinks, buffered) ->
                premises.life(trace, premises.online(uplinks, buffered)));
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  @Test
  void a_run_killed_at_any_moment_has_the_history_of_an_undisturbed_one() throws IOException {
    killAtEveryMoment(false);
  }

  @Test
  void so_has_one_whose_rows_leave_with_their_checkpoints() throws IOException {
    killAtEveryMoment(true);
  }

  private void killAtEveryMoment(boolean buffered) throws IOException {
    for (int k = 0; k < stage.moments; k++) {
      LifeStage.Killed killed = stage.killedAt(k, buffered);

      String where = killed.where();
      assertThat(stage.run().summary()).as(where).containsEntry("iter", LifeStage.ITERATIONS);
      assertThat(stage.run().log()).as(where).doesNotContainNull();
      assertThat(killed.iterations())
          .as(where)
          .isBetween(LifeStage.ITERATIONS, LifeStage.ITERATIONS + INTERVAL);
      if (buffered) {
        assertThat(killed.shown()).as(where).isLessThanOrEqualTo(killed.killer().iterations + 1);
      }
    }
  }

  @Test
  void a_worker_frozen_at_any_moment_changes_nothing_that_its_heir_has_told() throws Exception {
    Station station = stage.station;
    for (int k = 0; k < stage.moments; k++) {
      stage.forget();
      Premises premises = stage.premises("frozen-" + k);
      List<Uplink> first = Premises.noUplinks();
      Freezer freezer = new Freezer(station, first, k);
      Life zombie = premises.life(freezer, premises.online(first, false));
      CompletableFuture<Void> zombieEnds =
          CompletableFuture.runAsync(() -> zombie.claim().ifPresent(zombie::train));
      freezer.frozen.await();

      List<Uplink> second = Premises.noUplinks();
      premises.life(Trace.OFF, premises.online(second, false)).liveToTheEnd();
      new Moments(station, second, k).serve(Duration.ofMinutes(5));
      boolean told = !second.isEmpty();
      station.server.requests().clear();
      freezer.thaw.countDown();
      zombieEnds.get();
      freezer.serve(Duration.ofMinutes(5));

      String where = "frozen at " + freezer.passed.get(k) + " (" + k + ")";
      assertThat(stage.history()).as(where).isEqualTo(stage.undisturbed);
      assertThat(stage.run().state()).as(where).isEqualTo("finished");
      if (told) {
        assertThat(station.server.requests().streamed()).as(where).isEmpty();
      }
    }
  }

  private static final class Freezer extends Moments {
    private final int when;
    private final CountDownLatch frozen = new CountDownLatch(1);
    private final CountDownLatch thaw = new CountDownLatch(1);

    Freezer(Station station, List<Uplink> uplinks, int when) {
      super(station, uplinks, when);
      this.when = when;
    }

    @Override
    void at(int moment) {
      if (moment == when) {
        frozen.countDown();
        try {
          thaw.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
