package dev.sweeprunner.web;

import dev.sweeprunner.run.WorkerReport;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** What the worker does; down where it should make progress and has made none for too long. */
final class WorkerHealthIndicator implements HealthIndicator {
  private final Vitals vitals;
  private final Progress progress;

  WorkerHealthIndicator(Vitals vitals, Progress progress) {
    this.vitals = vitals;
    this.progress = progress;
  }

  @Override
  public Health health() {
    WorkerReport.Status status = vitals.worker().get();
    Health.Builder health = progress.health();
    health
        .withDetail("worker", status.owner().worker())
        .withDetail("cluster", status.owner().cluster())
        .withDetail("device", status.owner().device())
        .withDetail("sweep", status.sweep())
        .withDetail("activity", status.activity())
        .withDetail("reportAgeSeconds", progress.reportAge().toSeconds())
        .withDetail("tokensPerSecond", status.tokensPerSecond());
    if (status.runId() != null) {
      health.withDetail("runId", status.runId());
    }
    if (!status.message().isEmpty()) {
      health.withDetail("message", status.message());
    }
    return health.build();
  }
}
