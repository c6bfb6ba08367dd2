package dev.sweeprunner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Life;
import dev.sweeprunner.testkit.Results;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run, killed or frozen at every single point of the protocol that it passes. */
abstract class KilledAnywhereContract {
  private static final int ITERATIONS = 10;
  private static final int INTERVAL = 3;
  private static final String LAST = "0000010";

  private final UnaryOperator<Training> kind;

  /** Iterations that a checkpoint may come later than it was begun. */
  private final int lag;

  @TempDir Path folder;
  private Points points;
  private Map<String, List<String>> undisturbed;
  private List<String> reached;

  KilledAnywhereContract(UnaryOperator<Training> kind, int lag) {
    this.kind = kind;
    this.lag = lag;
  }

  private Life life(Path root, Trace trace) {
    return new Life(root, points, trace, INTERVAL, Telemetry.OFF, kind);
  }

  @BeforeEach
  void liveUndisturbed() {
    points = Grids.tiny(folder.resolve("sweep"), 1, ITERATIONS);
    Path root = folder.resolve("undisturbed");
    Recorder recorder = new Recorder();
    life(root, recorder).liveToTheEnd();
    undisturbed = Results.of(root, LAST);
    reached = recorder.reached;
  }

  @Test
  void an_undisturbed_run_passes_every_window_and_leaves_no_litter() {
    assertThat(undisturbed).hasSize(1);
    assertThat(undisturbed.values().iterator().next()).hasSize(ITERATIONS + 2);
    assertThat(reached)
        .contains(
            "claim.linked",
            "publish.staged",
            "publish.renamed",
            "publish.published",
            "finish.joined",
            "finish.appended",
            "finish.journal");
    assertThat(Results.litter(folder.resolve("undisturbed"))).isEmpty();
  }

  @Test
  void a_run_killed_at_any_point_ends_as_if_nothing_had_happened() {
    List<String> kept = Results.checkpoints(folder.resolve("undisturbed"));
    for (int k = 0; k < reached.size(); k++) {
      Path root = folder.resolve("killed-" + k);
      Killer killer = new Killer(k);
      Life first = life(root, killer);

      boolean died = false;
      try {
        first.liveToTheEnd();
      } catch (Killed killed) {
        died = true;
      }
      Recorder heir = new Recorder();
      Life second = life(root, heir);
      second.liveToTheEnd();

      String where = "killed at " + reached.get(k) + " (" + k + ")";
      assertThat(died).as(where).isTrue();
      assertThat(Results.of(root, LAST)).as(where).isEqualTo(undisturbed);
      assertThat(Results.litter(root)).as(where).isEmpty();
      assertThat(Results.checkpoints(root)).as(where).isEqualTo(kept);
      assertThat(killer.iterations + heir.iterations)
          .as(where)
          .isLessThanOrEqualTo(ITERATIONS + INTERVAL + lag);
    }
  }

  @Test
  void a_worker_frozen_at_any_point_never_changes_what_its_heir_has_finished() throws Exception {
    for (int k = 0; k < reached.size(); k++) {
      Path root = folder.resolve("frozen-" + k);
      Freezer freezer = new Freezer(k);
      Life zombie = life(root, freezer);
      CompletableFuture<List<Outcome>> zombieEnds =
          CompletableFuture.supplyAsync(() -> outcomes(zombie));
      freezer.frozen.await();

      life(root, Trace.OFF).liveToTheEnd();
      Map<String, List<String>> finished = Results.of(root, LAST);
      freezer.thaw.countDown();
      List<Outcome> outcomes = zombieEnds.get();

      String where = "frozen at " + reached.get(k) + " (" + k + ")";
      assertThat(finished).as(where).isEqualTo(undisturbed);
      assertThat(Results.of(root, LAST)).as(where).isEqualTo(undisturbed);
      assertThat(outcomes).as(where).doesNotContain(Outcome.FAILED);
      assertThat(Results.litter(root)).as(where).isEmpty();
    }
  }

  private static List<Outcome> outcomes(Life life) {
    List<Outcome> outcomes = new ArrayList<>();
    life.claim().map((ClaimedRun run) -> life.train(run)).ifPresent(outcomes::add);
    return outcomes;
  }

  private static class Recorder implements Trace {
    final List<String> reached = new ArrayList<>();
    int iterations;

    @Override
    public void event(String name, String runId, int epoch, long iter) {
      if (name.equals("iteration")) {
        iterations++;
      }
    }

    @Override
    public synchronized void reach(String point) {
      reached.add(point);
    }
  }

  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static final class Killer extends Recorder {
    private final int at;

    Killer(int at) {
      this.at = at;
    }

    @Override
    public synchronized void reach(String point) {
      super.reach(point);
      if (reached.size() > at) {
        throw new Killed();
      }
    }
  }

  private static final class Freezer extends Recorder {
    private final int at;
    private final CountDownLatch frozen = new CountDownLatch(1);
    private final CountDownLatch thaw = new CountDownLatch(1);

    Freezer(int at) {
      this.at = at;
    }

    @Override
    public void reach(String point) {
      super.reach(point);
      if (reached.size() == at + 1) {
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
