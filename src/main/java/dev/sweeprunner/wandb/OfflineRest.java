package dev.sweeprunner.wandb;

import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Ledgers;
import dev.sweeprunner.run.RecordType;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Files of finished runs whose worker was killed between the end of the run and the writing of its
 * file. Belongs to one thread; may be repeated.
 */
final class OfflineRest {
  private final Outbox outbox;
  private final String project;
  private final Claims claims;
  private final Ledgers ledgers;
  private final OfflineRuns runs;
  private final Supplier<@Nullable String> entity;

  OfflineRest(
      Outbox outbox,
      String project,
      Claims claims,
      Ledgers ledgers,
      OfflineRuns runs,
      Supplier<@Nullable String> entity) {
    this.outbox = outbox;
    this.project = project;
    this.claims = claims;
    this.ledgers = ledgers;
    this.runs = runs;
    this.entity = entity;
  }

  /**
   * Writes them.
   *
   * @throws IOException if one cannot be written; those before it are
   */
  void write() throws IOException {
    for (String runId : outbox.waiting(project)) {
      RunDescriptor descriptor = outbox.card(project, runId).orElse(null);
      if (descriptor != null
          && !runs.written(descriptor)
          && claims.look(descriptor.key()) instanceof ClaimState.Logged logged
          && logged.end().type() == RecordType.FINISH) {
        runs.write(descriptor, entity.get(), ledgers.of(descriptor.key(), logged.end()));
      }
    }
  }
}
