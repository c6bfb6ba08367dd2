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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What W&amp;B shows of a program's run whose worker is killed at every moment of its life. */
class ProgramLifeTests {
  private static final int ITERATIONS = 4;
  private static final Set<String> WALL = Set.of("_runtime", "_timestamp");

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
    premises.programLife(all, premises.quiet(uplinks, false)).liveToTheEnd();
    all.serve(Duration.ofMinutes(5));
    undisturbed = history();
    moments = all.passed.size();
    assertThat(undisturbed).hasSize(ITERATIONS + 1);
    assertThat(undisturbed.get(0)).containsOnlyKeys("metrics", "_step");
  }

  @AfterEach
  void stop() {
    assertThat(station.server.violations().all()).isEmpty();
    station.close();
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
    for (int k = 0; k < moments; k++) {
      station.server.runs().delete(address());
      Premises premises = premises((buffered ? "buffered-" : "live-") + k);
      List<Uplink> first = Premises.noUplinks();
      Moments killer = new Moments.Killer(station, first, k, k);
      boolean died = dies(premises.programLife(killer, premises.quiet(first, buffered)));
      long published = premises.safe(points.key(0));
      int shown = station.server.runs().find(runId()) == null ? 0 : history().size();

      List<Uplink> second = Premises.noUplinks();
      Moments heir = new Moments(station, second, k + 1000);
      premises.programLife(heir, premises.quiet(second, buffered)).liveToTheEnd();
      heir.serve(Duration.ofMinutes(5));
      deliverRest(premises);

      String where = "killed at " + killer.passed.get(k) + " (" + k + ")";
      assertThat(died).as(where).isTrue();
      assertThat(history()).as(where).isEqualTo(undisturbed);
      assertThat(run().state()).as(where).isEqualTo("finished");
      assertThat(run().summary()).as(where).isEqualTo(Map.of("newest", ITERATIONS));
      assertThat(run().config()).as(where).containsOnlyKeys("lr", "_wandb", Claimant.KEY);
      assertThat(run().log()).as(where).isEqualTo(printed(premises));
      assertThat(run().events()).as(where).hasSize(run().log().size() - claims(premises));
      assertThat(alerts(run())).as(where).isEqualTo(alerted(premises));
      if (buffered) {
        assertThat(shown).as(where).isLessThanOrEqualTo((int) published);
      }
    }
  }

  private List<String> printed(Premises premises) throws IOException {
    ProgramConsole console =
        new ProgramConsole(
            new Tracks(station.files, premises.layout).console(points.key(0), 9), 0, true);
    return console.peek(1_000).lines();
  }

  /** What the programs of all claims wanted people to be told. */
  private List<String> alerted(Premises premises) throws IOException {
    List<String> texts = new ArrayList<>();
    for (Cargo one : new Tracks(station.files, premises.layout).alerts(points.key(0), 9).look()) {
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

  private static boolean dies(Life life) {
    try {
      life.liveToTheEnd();
      return false;
    } catch (Moments.Killed killed) {
      return true;
    }
  }

  /** What a later worker does for runs that ended before their end was told; then nothing waits. */
  private void deliverRest(Premises premises) throws IOException {
    for (String runId : premises.sync().ended()) {
      assertThat(premises.sync().send(runId).delivered()).isTrue();
    }
    assertThat(premises.outbox.waiting(Premises.PROJECT)).isEmpty();
  }

  @Test
  void without_network_and_key_sync_brings_all_of_it_later_and_a_second_one_nothing()
      throws IOException {
    station.server.runs().delete(address());
    station.server.requests().clear();
    Premises premises = premises("offline");
    premises.programLife(Trace.OFF, premises.keptQuietly()).liveToTheEnd();
    RunDescriptor card = premises.outbox.card(Premises.PROJECT, runId()).orElseThrow();
    int before = station.server.requests().all().size();

    boolean sent = premises.sync().send(runId()).delivered();
    premises.outbox.put(card);
    station.server.requests().clear();
    String again = premises.sync().send(runId()).how();

    assertThat(before).isZero();
    assertThat(premises.root.resolve("wandb")).doesNotExist();
    assertThat(sent).isTrue();
    assertThat(history()).isEqualTo(undisturbed);
    assertThat(run().log()).isEqualTo(printed(premises));
    assertThat(run().events()).hasSize(ITERATIONS + 1);
    assertThat(run().summary()).isEqualTo(Map.of("newest", ITERATIONS));
    assertThat(alerts(run())).hasSize(ITERATIONS + 1).isEqualTo(alerted(premises));
    assertThat(run().config()).containsOnlyKeys("lr", "_wandb", Claimant.KEY);
    assertThat(again).isEqualTo("W&B has it all");
    assertThat(station.server.requests().all()).hasSize(1);
  }

  private Premises premises(String name) {
    return new Premises(station, folder.resolve(name), points);
  }

  private String runId() {
    return points.runId(0);
  }

  private RunAddress address() {
    return new RunAddress(Station.ENTITY, Station.PROJECT, runId());
  }

  private FakeRun run() {
    return station.server.runs().get(runId());
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
}
