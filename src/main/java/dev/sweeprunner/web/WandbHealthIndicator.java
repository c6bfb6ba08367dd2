package dev.sweeprunner.web;

import dev.sweeprunner.run.Delivery;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Whether W&amp;B takes what the worker tells it; always up, for training goes on without it. */
final class WandbHealthIndicator implements HealthIndicator {
  private final Supplier<Delivery> delivery;

  WandbHealthIndicator(Supplier<Delivery> delivery) {
    this.delivery = delivery;
  }

  @Override
  public Health health() {
    Delivery now = delivery.get();
    Health.Builder health =
        Health.up().withDetail("mode", now.mode()).withDetail("rowsWaiting", now.rows());
    if (now.sinceAnswer() != null) {
      health.withDetail("lastAnswerAgeSeconds", now.sinceAnswer().toSeconds());
    }
    if (now.away() != null) {
      health.withDetail("unreachableForSeconds", now.away().toSeconds());
    }
    if (now.why() != null) {
      health.withDetail("reason", now.why());
    }
    return health.build();
  }
}
