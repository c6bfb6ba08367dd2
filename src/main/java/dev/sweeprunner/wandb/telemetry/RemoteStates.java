package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.run.RemoteState;
import dev.sweeprunner.wandb.api.RemoteRun;
import java.time.Duration;
import java.time.Instant;

/** What a run's answer says of its state, in the terms in which it is judged. */
final class RemoteStates {
  private RemoteStates() {}

  static RemoteState of(RemoteRun run) {
    Instant heartbeat = run.heartbeat();
    return new RemoteState(
        run.state(),
        run.summary().get("iter") instanceof Number iter ? iter.longValue() : -1,
        heartbeat == null ? null : Duration.between(heartbeat, run.asOf()));
  }
}
