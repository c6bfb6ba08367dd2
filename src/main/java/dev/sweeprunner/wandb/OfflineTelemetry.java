package dev.sweeprunner.wandb;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.Work;
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
  private final Cards cards;
  private final Predicate<Point> logged;
  private final Outbox outbox;
  private final OfflineRuns runs;
  private final Supplier<@Nullable String> entity;
  private final Clock clock;
  private final Consumer<String> notices;

  OfflineTelemetry(
      Cards cards,
      Predicate<Point> logged,
      Outbox outbox,
      OfflineRuns runs,
      Supplier<@Nullable String> entity,
      Clock clock,
      Consumer<String> notices) {
    this.cards = cards;
    this.logged = logged;
    this.outbox = outbox;
    this.runs = runs;
    this.entity = entity;
    this.clock = clock;
    this.notices = notices;
  }

  @Override
  public Announcement announce(Work work) {
    return new Announcement.Ours();
  }

  @Override
  public Feed begin(Work work, Ledger safe) {
    if (!logged.test(work.point())) {
      return Telemetry.OFF.begin(work, safe);
    }
    Card card = cards.of(work, clock.now());
    try {
      return new Kept(outbox.put(card), safe);
    } catch (IOException full) {
      complain(card, full);
      return new Kept(card, safe);
    }
  }

  private void complain(Card card, IOException cause) {
    notices.accept(
        "Run "
            + card.key().runId()
            + ": what W&B is to be told could not be written ("
            + cause.getMessage()
            + "); its rows are in its metrics.jsonl");
  }

  /** One claim's feed: remembers which rows are safe, and writes the file in the end. */
  private final class Kept implements Feed {
    private final Card card;
    private Ledger ledger;

    Kept(Card card, Ledger safe) {
      this.card = card;
      this.ledger = safe;
    }

    @Override
    public void row(Row row) {}

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
      if (outcome != Outcome.FINISHED) {
        return;
      }
      try {
        runs.write(card, entity.get(), ledger);
      } catch (IOException full) {
        complain(card, full);
      }
    }
  }
}
