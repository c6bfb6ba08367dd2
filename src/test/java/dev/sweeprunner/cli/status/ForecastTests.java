package dev.sweeprunner.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.testkit.Situations;
import dev.sweeprunner.testkit.ToldWorkers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An update is 64 tokens, a run 400 updates: 25,600 tokens. */
class ForecastTests {
  @TempDir Path folder;

  private final ToldWorkers workers = new ToldWorkers();
  private final List<PointStatus> statuses = new ArrayList<>();

  private void trains(Point point, double rate) {
    var owner = Situations.owner("w" + point.index());
    workers.report(ToldWorkers.status(owner, point.runId(), rate));
    statuses.add(
        Situations.pointStatus(point, Situations.by(owner, Situations.training(point, 0))));
  }

  private void waits(Point point) {
    statuses.add(Situations.pointStatus(point, new ClaimState.Unclaimed()));
  }

  private Forecast forecast(Points points) {
    return Forecast.of(Views.status(points, statuses, workers)).orElseThrow();
  }

  @Test
  void two_workers_share_three_equal_points_in_two_to_two_rounds() {
    Points points = Views.grid(folder);
    trains(points.at(0), 256);
    trains(points.at(1), 256);
    waits(points.at(2));

    // 100 s each: 300 s shared by two, or half of the longest later.
    assertThat(forecast(points))
        .isEqualTo(new Forecast(Duration.ofSeconds(150), Duration.ofSeconds(200)));
    assertThat(forecast(points).words()).isEqualTo("about 3 min left");
  }

  @Test
  void a_size_that_is_trained_goes_at_its_own_rate_and_another_at_any() {
    Points points = Views.grid(folder, 400, "[8, 16, 24]");
    trains(points.at(0), 256); // width 8: 100 s
    trains(points.at(2), 128); // width 16: 200 s
    waits(points.at(1)); // as the first
    waits(points.at(4)); // width 24: 100 to 200 s

    assertThat(forecast(points))
        .isEqualTo(new Forecast(Duration.ofSeconds(250), Duration.ofSeconds(400)));
    assertThat(forecast(points).words()).isEqualTo("4 min to 7 min left");
  }

  @Test
  void one_worker_leaves_no_doubt() {
    Points points = Views.grid(folder);
    trains(points.at(0), 256);
    waits(points.at(1));

    assertThat(forecast(points).words()).isEqualTo("about 3 min left");
  }

  @Test
  void nobody_who_reports_a_rate_is_no_forecast() {
    Points points = Views.grid(folder);
    trains(points.at(0), 0);

    assertThat(Forecast.of(Views.status(points, statuses, workers))).isEmpty();
  }
}
