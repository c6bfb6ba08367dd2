package dev.sweeprunner.web;

import dev.sweeprunner.run.Relay;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Whether programs reach the relay; nothing is said where none needs it. */
final class RelayHealthIndicator implements HealthIndicator {
  private final Supplier<Optional<Relay.Standing>> relay;

  RelayHealthIndicator(Supplier<Optional<Relay.Standing>> relay) {
    this.relay = relay;
  }

  @Override
  public @Nullable Health health() {
    return relay.get().map(RelayHealthIndicator::of).orElse(null);
  }

  private static Health of(Relay.Standing now) {
    boolean deaf = now.programs() > 0 && !now.listens();
    Health.Builder health = deaf ? Health.down() : Health.up();
    health.withDetail("programs", now.programs()).withDetail("rowsTaken", now.rows());
    if (deaf) {
      health.withDetail("reason", "it does not listen, and a program runs that may log to it");
    }
    return health.build();
  }
}
