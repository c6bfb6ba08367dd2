package dev.sweeprunner.web;

import dev.sweeprunner.run.WorkerReport;
import dev.sweeprunner.run.work.Meter;
import java.time.Duration;
import org.springframework.boot.health.contributor.Health;

/**
 * Whether the worker gets on: with the run in its hands, or between two runs by the age of its
 * report. A worker that waits has nothing to get on with.
 */
final class Progress {
  private static final String TRAINING = "training";

  private final Vitals vitals;

  Progress(Vitals vitals) {
    this.vitals = vitals;
  }

  /** Up, or down with the reason. */
  Health.Builder health() {
    Duration silent = sinceProgress();
    return silent.compareTo(vitals.limits().hang()) > 0
        ? Health.down().withDetail("reason", "no progress for " + words(silent))
        : Health.up();
  }

  /** Age of the worker's report, as far as clocks on the wall tell. */
  Duration reportAge() {
    return Duration.between(vitals.worker().get().written(), vitals.clock().now());
  }

  private static String words(Duration time) {
    return time.toSeconds() < 120 ? time.toSeconds() + " s" : time.toMinutes() + " min";
  }

  private Duration sinceProgress() {
    WorkerReport.Status status = vitals.worker().get();
    return vitals
        .meter()
        .inHand()
        .map(Meter.InHand::sinceProgress)
        .orElseGet(() -> status.activity().equals(TRAINING) ? reportAge() : Duration.ZERO);
  }
}
