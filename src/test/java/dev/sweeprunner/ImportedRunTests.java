package dev.sweeprunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.config.BuiltinConfig;
import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Inspection.Depth;
import dev.sweeprunner.run.Origin;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.run.work.Import;
import dev.sweeprunner.testkit.AuditedRoot;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Life;
import dev.sweeprunner.testkit.Results;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.train.Devices;
import dev.sweeprunner.train.LocalTraining;
import dev.sweeprunner.train.cpu.CpuBackEnd;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that begins with another program's weights. */
class ImportedRunTests {
  private static final int ITERATIONS = 10;
  private static final int BEGUN = 4;
  private static final String LAST = "0000010";
  private static final Origin ORIGIN = new Origin("model.safetensors (SHA-256 0123)", BEGUN);

  @TempDir Path folder;

  private Points points;
  private Point point;
  private Snapshot state;

  @BeforeEach
  void makeWhatIsImported() {
    points = Grids.tiny(folder.resolve("sweep"), 1, ITERATIONS);
    point = points.at(0);
    LocalTraining training =
        new LocalTraining(
            new Devices(new CpuBackEnd(1)), new SettableClock(), name -> List.of(), note -> {});
    try (Training.Session session = training.start((BuiltinConfig) point.config(), null)) {
      session.train(k -> k == BEGUN, Optional::empty, row -> {}, k -> {});
      state = session.snapshot();
    }
  }

  private Life life(String root, Trace trace) {
    return new Life(folder.resolve(root), points, trace, 3);
  }

  private void importInto(Life life) {
    Import work = life.importing();
    work.into(point, work.admit(point), state, ORIGIN);
  }

  private Map<String, List<String>> results(String root) {
    return Results.of(folder.resolve(root), LAST);
  }

  @Test
  void a_worker_goes_on_from_the_import_and_its_rows_begin_there() {
    importInto(life("imported", Trace.OFF));
    life("imported", Trace.OFF).liveToTheEnd();
    life("scratch", Trace.OFF).liveToTheEnd();

    List<String> whole = results("scratch").values().iterator().next();
    List<String> from = results("imported").values().iterator().next();
    assertThat(from).isEqualTo(whole.subList(BEGUN, whole.size()));
    assertThat(Results.litter(folder.resolve("imported"))).isEmpty();
  }

  @Test
  void explain_tells_it_for_good_and_an_audit_misses_no_row() {
    importInto(life("root", Trace.OFF));
    AuditedRoot root = new AuditedRoot(folder.resolve("root"), List.of(points));

    assertThat(root.explain(point.runId()))
        .contains("gave it back: imported from model.safetensors (SHA-256 0123) at iteration 4")
        .contains("published iteration 4, imported from model.safetensors (SHA-256 0123)");
    assertThat(root.findings(Depth.ALL)).isEmpty();

    life("root", Trace.OFF).liveToTheEnd();
    assertThat(root.explain(point.runId()))
        .contains("finished at iteration 10")
        .contains(
            "began with  weights imported from model.safetensors (SHA-256 0123) at iteration 4");
    assertThat(root.findings(Depth.ALL)).isEmpty();
  }

  @Test
  void after_a_reset_the_import_comes_in_place_of_what_was_there() {
    importInto(life("root", Trace.OFF));
    life("root", Trace.OFF).claims().reset(point.key());

    importInto(life("root", Trace.OFF));
    life("root", Trace.OFF).liveToTheEnd();

    assertThat(results("root").values().iterator().next()).hasSize(ITERATIONS + 2 - BEGUN);
    assertThat(Results.litter(folder.resolve("root"))).isEmpty();
  }

  @Test
  void a_kill_at_any_point_leaves_nothing_or_a_whole_import() {
    List<String> reached = new ArrayList<>();
    importInto(life("undisturbed", recorder(reached)));
    life("undisturbed", Trace.OFF).liveToTheEnd();
    life("scratch", Trace.OFF).liveToTheEnd();
    assertThat(reached).contains("claim.linked", "publish.staged", "publish.published");
    List<String> outcomes = new ArrayList<>();

    for (int k = 0; k < reached.size(); k++) {
      String root = "killed-" + k;
      int at = k;
      List<String> passed = new ArrayList<>();
      Life killed =
          life(
              root,
              killer(
                  point -> {
                    passed.add(point);
                    return passed.size() > at;
                  }));
      assertThatThrownBy(() -> importInto(killed)).isInstanceOf(Killed.class);
      life(root, Trace.OFF).liveToTheEnd();

      boolean imported = results(root).equals(results("undisturbed"));
      outcomes.add(imported ? "whole" : "nothing");
      assertThat(results(root))
          .as("killed at " + reached.get(k) + " (" + k + ")")
          .isEqualTo(results(imported ? "undisturbed" : "scratch"));
      assertThat(Results.litter(folder.resolve(root))).as(reached.get(k)).isEmpty();
    }

    int first = outcomes.indexOf("whole");
    assertThat(first).isPositive();
    assertThat(outcomes.subList(0, first)).containsOnly("nothing");
    assertThat(outcomes.subList(first, outcomes.size())).containsOnly("whole");
  }

  @Test
  void after_a_kill_the_import_can_be_made_again() {
    Life killed = life("root", killer(point -> point.equals("publish.renamed")));
    assertThatThrownBy(() -> importInto(killed)).isInstanceOf(Killed.class);

    importInto(life("root", Trace.OFF));

    life("root", Trace.OFF).liveToTheEnd();
    assertThat(results("root").values().iterator().next()).hasSize(ITERATIONS + 2 - BEGUN);
  }

  @Test
  void a_run_that_has_a_checkpoint_or_has_finished_is_refused() {
    importInto(life("root", Trace.OFF));

    assertThatThrownBy(() -> importInto(life("root", Trace.OFF)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("it has a checkpoint of iteration 4 already")
        .hasMessageContaining("reset " + point.runId() + ", then import again");

    life("root", Trace.OFF).liveToTheEnd();
    assertThatThrownBy(() -> importInto(life("root", Trace.OFF)))
        .hasMessageContaining("it is finished: finished at iteration 10");
  }

  @Test
  void a_run_that_somebody_has_is_refused_and_a_race_for_it_is_lost_in_words() {
    Life owner = life("root", Trace.OFF);
    Import slow = owner.importing();
    var facts = slow.admit(point);
    ClaimedRun held = owner.claim().orElseThrow();

    assertThatThrownBy(() -> owner.importing().admit(point))
        .hasMessageContaining(point.runId() + ": it is ");
    assertThatThrownBy(() -> slow.into(point, facts, state, ORIGIN))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("somebody else has just claimed it");
    held.claim().close();
  }

  private static Trace recorder(List<String> reached) {
    return killer(
        point -> {
          reached.add(point);
          return false;
        });
  }

  private static Trace killer(java.util.function.Predicate<String> dies) {
    return new Trace() {
      @Override
      public void event(String name, String runId, int epoch, long iter) {}

      @Override
      public synchronized void reach(String point) {
        if (dies.test(point)) {
          throw new Killed();
        }
      }
    };
  }

  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }
}
