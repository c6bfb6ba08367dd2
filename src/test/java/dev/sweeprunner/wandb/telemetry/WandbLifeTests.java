package dev.sweeprunner.wandb.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Life;
import dev.sweeprunner.testkit.wandb.FakeRun;
import dev.sweeprunner.testkit.wandb.RunAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What W&amp;B shows of a run whose worker is killed or frozen at every moment of its life. */
class WandbLifeTests {
  private static final int ITERATIONS = 4;
  private static final int INTERVAL = 3;
  private static final Set<String> WALL =
      Set.of("_runtime", "_timestamp", "time_ms", "mfu", "tokens_per_s");

  @TempDir Path folder;
  private Points points;
  private Station station;
  private List<Map<String, @Nullable Object>> undisturbed;
  private int moments;

  @BeforeEach
  void liveUndisturbed() {
    points = Grids.tiny(folder.resolve("sweep"), 1, ITERATIONS);
    station = new Station(folder.resolve("station"));
    Premises premises = premises("undisturbed");
    List<Uplink> uplinks = Premises.noUplinks();
    Moments all = new Moments(station, uplinks, 1);
    premises.life(all, premises.online(uplinks, false)).liveToTheEnd();
    all.serve(Duration.ofMinutes(5));
    undisturbed = history();
    moments = all.passed.size();
    assertThat(undisturbed).hasSize(ITERATIONS + 1);
  }

  @AfterEach
  void stop() {
    assertThat(station.server.violations().all()).isEmpty();
    station.close();
  }

  @Test
  void a_run_killed_at_any_moment_has_the_history_of_an_undisturbed_one() {
    killAtEveryMoment(false);
  }

  @Test
  void so_has_one_whose_rows_leave_with_their_checkpoints() {
    killAtEveryMoment(true);
  }

  private void killAtEveryMoment(boolean buffered) {
    for (int k = 0; k < moments; k++) {
      forget();
      Premises premises = premises((buffered ? "buffered-" : "live-") + k);
      List<Uplink> first = Premises.noUplinks();
      Moments killer = new Moments.Killer(station, first, k, k);
      boolean died = dies(premises.life(killer, premises.online(first, buffered)));
      int shown = station.server.runs().find(runId()) == null ? 0 : history().size();

      List<Uplink> second = Premises.noUplinks();
      Moments heir = new Moments(station, second, k + 1000);
      premises.life(heir, premises.online(second, buffered)).liveToTheEnd();
      heir.serve(Duration.ofMinutes(5));
      deliverRest(premises);

      String where = "killed at " + killer.passed.get(k) + " (" + k + ")";
      assertThat(died).as(where).isTrue();
      assertThat(history()).as(where).isEqualTo(undisturbed);
      assertThat(run().state()).as(where).isEqualTo("finished");
      assertThat(run().summary()).as(where).containsEntry("iter", ITERATIONS);
      assertThat(run().log()).as(where).doesNotContainNull();
      assertThat(killer.iterations + heir.iterations)
          .as(where)
          .isBetween(ITERATIONS, ITERATIONS + INTERVAL);
      if (buffered) {
        assertThat(shown).as(where).isLessThanOrEqualTo(killer.iterations + 1);
      }
    }
  }

  @Test
  void a_worker_frozen_at_any_moment_changes_nothing_that_its_heir_has_told() throws Exception {
    for (int k = 0; k < moments; k++) {
      forget();
      Premises premises = premises("frozen-" + k);
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
      assertThat(history()).as(where).isEqualTo(undisturbed);
      assertThat(run().state()).as(where).isEqualTo("finished");
      if (told) {
        assertThat(station.server.requests().streamed()).as(where).isEmpty();
      }
    }
  }

  private boolean dies(Life life) {
    try {
      life.liveToTheEnd();
      return false;
    } catch (Moments.Killed killed) {
      return true;
    }
  }

  /** What a later worker does for runs that ended before their end was told. */
  private void deliverRest(Premises premises) {
    try {
      for (String runId : premises.sync().ended()) {
        assertThat(premises.sync().send(runId).delivered()).isTrue();
      }
      assertThat(premises.outbox.waiting(Premises.PROJECT)).isEmpty();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Premises premises(String name) {
    return new Premises(station, folder.resolve(name), points);
  }

  private String runId() {
    return points.runId(0);
  }

  private FakeRun run() {
    return station.server.runs().get(runId());
  }

  private void forget() {
    station.server.runs().delete(new RunAddress(Station.ENTITY, Station.PROJECT, runId()));
  }

  private List<Map<String, @Nullable Object>> history() {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (String line : run().history()) {
      try {
        Map<String, @Nullable Object> row = Json.object(line.getBytes(UTF_8));
        row.keySet().removeAll(WALL);
        rows.add(row);
      } catch (UnreadableJson e) {
        throw new AssertionError(line, e);
      }
    }
    return rows;
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
