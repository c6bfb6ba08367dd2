package dev.sweeprunner.web;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Whether the run in the worker's hands gets on; down where it has not for the hang limit. Liveness
 * is this: a worker that is down will not come back by itself.
 */
final class TrainingHealthIndicator implements HealthIndicator {
  private final Vitals vitals;
  private final Progress progress;

  TrainingHealthIndicator(Vitals vitals, Progress progress) {
    this.vitals = vitals;
    this.progress = progress;
  }

  @Override
  public Health health() {
    Health.Builder health =
        progress.health().withDetail("hangLimitSeconds", vitals.limits().hang().toSeconds());
    vitals
        .meter()
        .inHand()
        .ifPresent(
            run ->
                health
                    .withDetail("runId", run.runId())
                    .withDetail("iteration", run.iteration())
                    .withDetail("progressAgeSeconds", run.sinceProgress().toSeconds()));
    return health.build();
  }
}
