package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Telemetry;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what W&amp;B would be told, for {@code sync} and for the official {@code wandb sync}.
 * Asks nobody, so every claim is ours.
 */
final class OfflineTelemetry implements Telemetry {
  private final RunDescriptors descriptors;
  private final Predicate<Point> logged;
  private final Outbox outbox;
  private final @Nullable OfflineRuns runs;
  private final Tracks tracks;
  private final Supplier<@Nullable String> entity;
  private final Clock clock;
  private final Consumer<String> notices;

  /**
   * Tells nobody.
   *
   * @param runs writes the files for the official {@code wandb sync}; null where there are none
   */
  OfflineTelemetry(
      RunDescriptors descriptors,
      Predicate<Point> logged,
      Outbox outbox,
      @Nullable OfflineRuns runs,
      Tracks tracks,
      Supplier<@Nullable String> entity,
      Clock clock,
      Consumer<String> notices) {
    this.descriptors = descriptors;
    this.logged = logged;
    this.outbox = outbox;
    this.runs = runs;
    this.tracks = tracks;
    this.entity = entity;
    this.clock = clock;
    this.notices = notices;
  }

  @Override
  public Announcement announce(ClaimedRun run, boolean local) {
    return new Announcement.Ours();
  }

  @Override
  public Feed begin(ClaimedRun run, Ledger safe) {
    if (!logged.test(run.point())) {
      return Telemetry.OFF.begin(run, safe);
    }
    KeptCard card = new KeptCard(descriptors.of(run, clock.now()), outbox, false, this::kept);
    if (!descriptors.sweep().quiet()) {
      card.keep();
    }
    return new Kept(card, run.claim().epoch(), safe);
  }

  private RunDescriptor kept(RunDescriptor descriptor) {
    try {
      return outbox.put(descriptor);
    } catch (IOException full) {
      complain(descriptor, full);
      return descriptor;
    }
  }

  private void complain(RunDescriptor descriptor, IOException cause) {
    notices.accept(
        "Run "
            + descriptor.key().runId()
            + ": what W&B is to be told could not be written ("
            + Why.at(cause)
            + "); its rows are in its metrics.jsonl");
  }

  /** One claim's feed: remembers which rows are safe, and writes the file in the end. */
  private final class Kept implements Feed {
    private final KeptCard card;
    private final int epoch;
    private Ledger ledger;

    Kept(KeptCard card, int epoch, Ledger safe) {
      this.card = card;
      this.epoch = epoch;
      this.ledger = safe;
    }

    @Override
    public void row(Row row) {
      if (row.logged() != null) {
        card.keep();
      }
    }

    @Override
    public void covered(Ledger safe) {
      ledger = safe;
    }

    @Override
    public void line(String line) {}

    @Override
    public boolean stopRequested() {
      return false;
    }

    @Override
    public void ended(Outcome outcome, String detail) {
      RunDescriptor descriptor = card.descriptor();
      if (!card.kept() && tracks.run(descriptor.key(), epoch).isPresent()) {
        card.keep();
      }
      OfflineRuns writer = runs;
      if (outcome != Outcome.FINISHED || !card.kept() || writer == null) {
        return;
      }
      try {
        writer.write(card.descriptor(), epoch, entity.get(), ledger);
      } catch (IOException full) {
        complain(descriptor, full);
      }
    }
  }
}
