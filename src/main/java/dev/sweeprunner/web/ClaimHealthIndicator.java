package dev.sweeprunner.web;

import dev.sweeprunner.run.work.Meter;
import java.time.Duration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Whether the claim in the worker's hands stands; up where it holds none. */
final class ClaimHealthIndicator implements HealthIndicator {
  private final Vitals vitals;

  ClaimHealthIndicator(Vitals vitals) {
    this.vitals = vitals;
  }

  @Override
  public Health health() {
    return vitals.meter().inHand().map(this::of).orElseGet(() -> Health.up().build());
  }

  private Health of(Meter.InHand run) {
    Duration expiry = vitals.limits().expiry();
    boolean expired = run.sinceRenewal().compareTo(expiry) >= 0;
    Health.Builder health = run.superseded() || expired ? Health.down() : Health.up();
    health
        .withDetail("runId", run.runId())
        .withDetail("claim", run.epoch())
        .withDetail("leaseAgeSeconds", run.sinceRenewal().toSeconds())
        .withDetail("expirySeconds", expiry.toSeconds());
    if (run.superseded()) {
      health.withDetail("reason", "another worker has taken the run over");
    } else if (expired) {
      health.withDetail(
          "reason",
          "not renewed for " + run.sinceRenewal().toSeconds() + " s: others may take the run over");
    }
    return health.build();
  }
}
