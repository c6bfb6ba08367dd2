package dev.sweeprunner.web;

import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Whether the storage root takes writes. */
final class StorageHealthIndicator implements HealthIndicator {
  private final Supplier<Optional<String>> complaint;

  StorageHealthIndicator(Supplier<Optional<String>> complaint) {
    this.complaint = complaint;
  }

  @Override
  public Health health() {
    return complaint
        .get()
        .map(reason -> Health.down().withDetail("reason", reason).build())
        .orElseGet(() -> Health.up().build());
  }
}
