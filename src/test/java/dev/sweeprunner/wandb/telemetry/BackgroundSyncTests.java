package dev.sweeprunner.wandb.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Trace;
import dev.sweeprunner.testkit.Grids;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackgroundSyncTests {
  @TempDir Path folder;
  private Station station;
  private Premises premises;

  @BeforeEach
  void start() {
    station = new Station(folder.resolve("station"));
    premises =
        new Premises(station, folder.resolve("root"), Grids.tiny(folder.resolve("sweep"), 2, 12));
  }

  @AfterEach
  void stop() {
    assertThat(station.server.violations().all()).isEmpty();
    station.close();
  }

  @Test
  void the_end_of_a_run_whose_worker_was_killed_is_told_by_another() throws Exception {
    List<Uplink> neverServed = new ArrayList<>();
    premises.life(Trace.OFF, premises.online(neverServed, false)).liveToTheEnd();
    List<String> before = premises.sync().ended();

    backgroundSync(List.of()).look(premises.sync());

    assertThat(before).hasSize(2);
    assertThat(premises.sync().waiting()).isEmpty();
    assertThat(station.server.runs().all())
        .hasSize(2)
        .allSatisfy(run -> assertThat(run.state()).isEqualTo("finished"))
        .allSatisfy(run -> assertThat(run.history()).hasSize(13));
  }

  @Test
  void what_an_uplink_of_this_process_tells_is_left_to_it() throws Exception {
    premises.life(Trace.OFF, premises.offline()).liveToTheEnd();
    List<String> ended = premises.sync().ended();

    backgroundSync(ended).look(premises.sync());

    assertThat(station.server.requests().all()).isEmpty();
  }

  private BackgroundSync backgroundSync(List<String> served) {
    return new BackgroundSync(served::contains, station.clock, Duration.ofMinutes(10));
  }
}
