package dev.sweeprunner.web;

import dev.sweeprunner.run.WorkerReport;
import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** What the worker does; down where it should make progress and has made none for too long. */
final class WorkerHealthIndicator implements HealthIndicator {
  private static final String TRAINING = "training";

  private final Vitals vitals;

  WorkerHealthIndicator(Vitals vitals) {
    this.vitals = vitals;
  }

  @Override
  public Health health() {
    WorkerReport.Status status = vitals.worker().get();
    Duration age = Duration.between(status.written(), vitals.clock().now());
    boolean hangs = status.activity().equals(TRAINING) && age.compareTo(vitals.hang()) > 0;
    Health.Builder health = hangs ? Health.down() : Health.up();
    health
        .withDetail("worker", status.owner().worker())
        .withDetail("cluster", status.owner().cluster())
        .withDetail("device", status.owner().device())
        .withDetail("sweep", status.sweep())
        .withDetail("activity", status.activity())
        .withDetail("reportAgeSeconds", age.toSeconds())
        .withDetail("tokensPerSecond", status.tokensPerSecond());
    if (status.runId() != null) {
      health.withDetail("runId", status.runId());
    }
    if (!status.message().isEmpty()) {
      health.withDetail("message", status.message());
    }
    return hangs
        ? health.withDetail("reason", "no progress for " + age.toMinutes() + " min").build()
        : health.build();
  }
}
