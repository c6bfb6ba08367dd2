package dev.sweeprunner.wandb;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Telemetry;
import dev.sweeprunner.run.Work;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Tells W&amp;B about the runs of one sweep. Announcing waits; all else goes on by itself. */
final class OnlineTelemetry implements Telemetry {
  private final Cards cards;
  private final Predicate<Point> logged;
  private final Predicate<Point> buffered;
  private final Announcer announcer;
  private final Uplink.Means means;
  private final Outbox outbox;
  private final Consumer<Uplink> uplinks;
  private final Clock clock;
  private final Consumer<String> notices;

  OnlineTelemetry(
      Cards cards,
      Predicate<Point> logged,
      Predicate<Point> buffered,
      Announcer announcer,
      Uplink.Means means,
      Outbox outbox,
      Consumer<Uplink> uplinks) {
    this.cards = cards;
    this.logged = logged;
    this.buffered = buffered;
    this.announcer = announcer;
    this.means = means;
    this.outbox = outbox;
    this.uplinks = uplinks;
    this.clock = means.clock();
    this.notices = means.notices();
  }

  @Override
  public Announcement announce(Work work) {
    if (!logged.test(work.point())) {
      return new Announcement.Ours();
    }
    if (work.claim().overtaken()) {
      return new Announcement.Lost("another worker has taken it over");
    }
    return announcer.announce(cards.of(work, clock.now()), means.entity(), whole(work.point()));
  }

  @Override
  public Feed begin(Work work, Ledger safe) {
    if (!logged.test(work.point())) {
      return Telemetry.OFF.begin(work, safe);
    }
    Card card = kept(cards.of(work, clock.now()));
    Uplink uplink =
        new Uplink(card, safe, !buffered.test(work.point()), work.claim()::overtaken, means);
    uplinks.accept(uplink);
    return uplink;
  }

  /** Iterations with which a finished run counts as whole there: the last row may be missing. */
  static long whole(Point point) {
    RunConfig.Training training = point.config().training();
    return training.maxIters() - training.logInterval();
  }

  private Card kept(Card card) {
    try {
      return outbox.put(card);
    } catch (IOException full) {
      notices.accept(
          "Run "
              + card.key().runId()
              + ": what W&B is to be told could not be written down ("
              + full.getMessage()
              + "); if this worker dies before it is told, sync will not know");
      return card;
    }
  }
}
