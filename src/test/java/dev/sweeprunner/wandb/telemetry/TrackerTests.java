package dev.sweeprunner.wandb.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.host.SystemClock;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Life;
import dev.sweeprunner.testkit.wandb.FakeRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All parts together, with the thread and in real time. */
class TrackerTests {
  private static final int ITERATIONS = 6;

  @TempDir Path folder;
  private Station station;
  private Points points;
  private Tracker tracker;

  @BeforeEach
  void start() {
    station = new Station(folder.resolve("station"));
    points = Grids.tiny(folder.resolve("sweep"), 2, ITERATIONS);
    tracker =
        new Tracker(
            new Tracker.Ports(
                new LocalFiles(),
                new Layout(folder.resolve("root")),
                new SystemClock(),
                pause -> {},
                new Tracker.Times(
                    Duration.ofSeconds(45),
                    Duration.ofMinutes(5),
                    Duration.ofHours(1),
                    Duration.ofMillis(50),
                    Duration.ofMillis(100),
                    Duration.ofMinutes(5)),
                Map.of("cpu_count", 2),
                station.notices::add,
                station.heard::add));
  }

  @AfterEach
  void stop() {
    tracker.close(Duration.ZERO);
    assertThat(station.server.violations().all()).isEmpty();
    station.close();
  }

  @Test
  void two_runs_in_a_row_are_told_whole() {
    Life life = new Life(folder.resolve("root"), points, Trace.OFF, 3, online(true));

    life.liveToTheEnd();
    List<String> left = tracker.close(Duration.ofSeconds(30));

    assertThat(left).isEmpty();
    assertThat(station.notices).isEmpty();
    for (int i = 0; i < 2; i++) {
      FakeRun run = station.server.runs().get(points.runId(i));
      assertThat(run.state()).isEqualTo("finished");
      assertThat(run.history()).hasSize(ITERATIONS + 1).doesNotContainNull();
      assertThat(run.events()).doesNotContainNull();
      assertThat(new String(Objects.requireNonNull(run.file("wandb-metadata.json")), UTF_8))
          .contains("cpu_count", "startedAt", "sweep-runner");
      assertThat(new String(Objects.requireNonNull(run.file("config.yaml")), UTF_8))
          .contains("sweep_runner:", "token: root-a:1");
    }
  }

  @Test
  void the_config_there_is_the_whole_config_and_who_has_the_run() {
    new Life(folder.resolve("root"), points, Trace.OFF, 3, online(true)).liveToTheEnd();
    tracker.close(Duration.ofSeconds(30));

    FakeRun run = station.server.runs().get(points.runId(0));

    assertThat(run.config())
        .containsKeys("model", "training", "data", "_wandb", "sweep_runner")
        .containsEntry("cfg_hash", Map.of("value", points.runId(0)))
        .containsEntry("run_id", Map.of("value", points.runId(0)))
        .containsEntry("cluster", Map.of("value", "near"))
        .containsEntry("out_dir", Map.of("value", "out/" + points.at(0).key().folder()));
    assertThat(run.announced()).containsEntry("group", "tiny").containsEntry("host", "host");
  }

  @Test
  void runs_that_are_not_logged_tell_nothing() {
    new Life(folder.resolve("root"), points, Trace.OFF, 3, online(false)).liveToTheEnd();

    assertThat(tracker.close(Duration.ofSeconds(30))).isEmpty();
    assertThat(station.server.requests().all()).isEmpty();
  }

  private Telemetry online(boolean logged) {
    return tracker.online(
        new Tracker.Sweep("tiny", Station.PROJECT, "root-a", p -> logged, p -> false, false, false),
        new Tracker.Who("near", "worker", "host", "cpu", "1.0", () -> null),
        station.entity(),
        station.client(),
        station.client().waitedFor());
  }
}
