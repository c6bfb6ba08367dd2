package dev.sweeprunner.wandb.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Trace;
import dev.sweeprunner.testkit.wandb.FakeRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What W&amp;B shows of a program's run whose worker is killed at every moment of its life. */
class ProgramLifeTests {
  private static final int ITERATIONS = LifeStage.ITERATIONS;
  private static final Set<String> WALL = Set.of("_runtime", "_timestamp");

  @TempDir Path folder;
  private LifeStage stage;
  private Station station;

  @BeforeEach
  void liveUndisturbed() {
    stage =
        new LifeStage(
            folder,
            WALL,
            (premises, trace, uplinks, buffered) ->
                premises.programLife(trace, premises.quiet(uplinks, buffered)));
    station = stage.station;
    assertThat(stage.undisturbed.get(0)).containsOnlyKeys("metrics", "_step");
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  @Test
  void killed_at_any_moment_it_has_the_history_of_an_undisturbed_one() throws IOException {
    killAtEveryMoment(false);
  }

  @Test
  void so_has_one_whose_rows_leave_with_their_checkpoints() throws IOException {
    killAtEveryMoment(true);
  }

  private void killAtEveryMoment(boolean buffered) throws IOException {
    for (int k = 0; k < stage.moments; k++) {
      LifeStage.Killed killed = stage.killedAt(k, buffered);
      Premises premises = killed.premises();
      String where = killed.where();
      assertThat(run().summary()).as(where).isEqualTo(Map.of("newest", ITERATIONS));
      assertThat(run().config()).as(where).containsOnlyKeys("lr", "_wandb", Claimant.KEY);
      assertThat(run().log()).as(where).isEqualTo(printed(premises));
      assertThat(run().events()).as(where).hasSize(run().log().size() - claims(premises));
      assertThat(alerts(run())).as(where).isEqualTo(alerted(premises));
      assertThat(beside().history()).as(where).containsExactlyElementsOf(squares());
      assertThat(beside().state()).as(where).isEqualTo("finished");
      assertThat(beside().summary()).as(where).isEqualTo(Map.of("newest", ITERATIONS));
      if (buffered) {
        assertThat(killed.shown()).as(where).isLessThanOrEqualTo((int) killed.published());
      }
    }
  }

  private List<String> printed(Premises premises) throws IOException {
    ProgramConsole console =
        new ProgramConsole(
            new Tracks(station.files, premises.layout).console(stage.points.key(0), 9), 0, true);
    return console.peek(1_000).lines();
  }

  /** What the programs of all claims wanted people to be told. */
  private List<String> alerted(Premises premises) throws IOException {
    List<String> texts = new ArrayList<>();
    for (Cargo one :
        new Tracks(station.files, premises.layout).alerts(stage.points.key(0), 9).look()) {
      texts.add(((Cargo.Alert) one).alert().text());
    }
    return texts;
  }

  private static List<String> alerts(FakeRun run) {
    return run.alerts().stream().map(alert -> String.valueOf(alert.get("text"))).toList();
  }

  private int claims(Premises premises) throws IOException {
    return (int) printed(premises).stream().filter(line -> line.endsWith(" begins")).count();
  }

  @Test
  void without_network_and_key_sync_brings_all_of_it_later_and_a_second_one_nothing()
      throws IOException {
    stage.forget();
    station.server.requests().clear();
    Premises premises = stage.premises("offline");
    premises.programLife(Trace.OFF, premises.keptQuietly()).liveToTheEnd();
    RunDescriptor card = premises.outbox.card(Premises.PROJECT, stage.runId()).orElseThrow();
    int before = station.server.requests().all().size();

    boolean sent = premises.sync().send(stage.runId()).delivered();
    premises.outbox.put(card);
    station.server.requests().clear();
    String again = premises.sync().send(stage.runId()).how();

    assertThat(before).isZero();
    assertThat(premises.root.resolve("wandb")).doesNotExist();
    assertThat(sent).isTrue();
    assertThat(stage.history()).isEqualTo(stage.undisturbed);
    assertThat(run().log()).isEqualTo(printed(premises));
    assertThat(run().events()).hasSize(ITERATIONS + 1);
    assertThat(run().summary()).isEqualTo(Map.of("newest", ITERATIONS));
    assertThat(alerts(run())).hasSize(ITERATIONS + 1).isEqualTo(alerted(premises));
    assertThat(run().config()).containsOnlyKeys("lr", "_wandb", Claimant.KEY);
    assertThat(beside().history()).containsExactlyElementsOf(squares());
    assertThat(beside().config()).containsOnlyKeys("lr", "_wandb", Claimant.KEY);
    assertThat(again).isEqualTo("W&B has it all");
    assertThat(station.server.requests().all()).hasSize(1);
  }

  private FakeRun beside() {
    return station.server.runs().get(stage.runId() + "-2");
  }

  /** What the program logs to the run beside its own. */
  private static List<String> squares() {
    return LongStream.rangeClosed(0, ITERATIONS)
        .mapToObj(step -> ToldProgram.kept(step, "\"square\":" + step * step))
        .toList();
  }

  private FakeRun run() {
    return stage.run();
  }
}
