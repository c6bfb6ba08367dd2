package dev.sweeprunner.web;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Whether the storage root takes writes, and how long a small one takes. */
final class StorageHealthIndicator implements HealthIndicator {
  private final StorageProbe probe;

  StorageHealthIndicator(StorageProbe probe) {
    this.probe = probe;
  }

  @Override
  public Health health() {
    StorageProbe.Found found = probe.look();
    Health.Builder health = found.complaint() == null ? Health.up() : Health.down();
    health.withDetail("probeMillis", found.took().toMillis());
    if (found.complaint() != null) {
      health.withDetail("reason", found.complaint());
    }
    return health.build();
  }
}
