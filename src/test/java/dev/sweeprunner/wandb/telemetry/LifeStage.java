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

/** One run whose workers die at every moment, and what W&amp;B's server has of it in the end. */
final class LifeStage implements AutoCloseable {
  static final int ITERATIONS = 4;
  private static final Duration LONG = Duration.ofMinutes(5);

  final Points points;
  final Station station;

  /** What W&amp;B has of it where nobody dies. */
  final List<Map<String, @Nullable Object>> undisturbed;

  /** How many moments such a life has. */
  final int moments;

  private final Path folder;
  private final Set<String> wall;
  private final Kind kind;

  /** Lives it undisturbed; {@code wall} are the members that differ from life to life. */
  LifeStage(Path folder, Set<String> wall, Kind kind) {
    this.folder = folder;
    this.wall = wall;
    this.kind = kind;
    this.points = Grids.tiny(folder.resolve("sweep"), 1, ITERATIONS);
    this.station = new Station(folder.resolve("station"));
    List<Uplink> uplinks = Premises.noUplinks();
    Moments all = new Moments(station, uplinks, 1);
    kind.life(premises("undisturbed"), all, uplinks, false).liveToTheEnd();
    all.serve(LONG);
    this.undisturbed = history();
    this.moments = all.passed.size();
    assertThat(undisturbed).hasSize(ITERATIONS + 1);
  }

  /** What kind of run it is. */
  @FunctionalInterface
  interface Kind {
    Life life(Premises premises, Trace trace, List<Uplink> uplinks, boolean buffered);
  }

  /**
   * A worker that was killed, and its heir.
   *
   * @param where when it was killed, for messages
   * @param shown how many rows W&amp;B had at that moment
   * @param published how many were safe then
   * @param iterations of both
   */
  record Killed(
      Premises premises, String where, int shown, long published, Moments killer, int iterations) {}

  /** Kills a worker at a moment and has another one end the run; both have told all they had. */
  Killed killedAt(int moment, boolean buffered) throws IOException {
    forget();
    Premises premises = premises((buffered ? "buffered-" : "live-") + moment);
    List<Uplink> first = Premises.noUplinks();
    Moments killer = new Moments.Killer(station, first, moment, moment);
    boolean died = dies(kind.life(premises, killer, first, buffered));
    long published = premises.safe(points.key(0));
    int shown = station.server.runs().find(runId()) == null ? 0 : history().size();

    List<Uplink> second = Premises.noUplinks();
    Moments heir = new Moments(station, second, moment + 1000);
    kind.life(premises, heir, second, buffered).liveToTheEnd();
    heir.serve(LONG);
    deliverRest(premises);

    String where = "killed at " + killer.passed.get(moment) + " (" + moment + ")";
    assertThat(died).as(where).isTrue();
    assertThat(history()).as(where).isEqualTo(undisturbed);
    assertThat(run().state()).as(where).isEqualTo("finished");
    return new Killed(
        premises, where, shown, published, killer, killer.iterations + heir.iterations);
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
  private static void deliverRest(Premises premises) throws IOException {
    for (String runId : premises.sync().ended()) {
      assertThat(premises.sync().send(runId).delivered()).isTrue();
    }
    assertThat(premises.outbox.waiting(Premises.PROJECT)).isEmpty();
  }

  Premises premises(String name) {
    return new Premises(station, folder.resolve(name), points);
  }

  String runId() {
    return points.runId(0);
  }

  FakeRun run() {
    return station.server.runs().get(runId());
  }

  /** W&amp;B's server has nothing of it any more, nor of a run beside it. */
  void forget() {
    for (String id : List.of(runId(), runId() + "-2")) {
      station.server.runs().delete(new RunAddress(Station.ENTITY, Station.PROJECT, id));
    }
  }

  List<Map<String, @Nullable Object>> history() {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (String line : run().history()) {
      try {
        Map<String, @Nullable Object> row = Json.object(line.getBytes(UTF_8));
        row.keySet().removeAll(wall);
        rows.add(row);
      } catch (UnreadableJson e) {
        throw new AssertionError(line, e);
      }
    }
    return rows;
  }

  /** Closes it; the server must have found nothing wrong. */
  @Override
  public void close() {
    assertThat(station.server.violations().all()).isEmpty();
    station.close();
  }
}
