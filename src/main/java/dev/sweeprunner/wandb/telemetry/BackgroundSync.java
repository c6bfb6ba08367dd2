package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.run.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Looks now and then for runs of this storage root that have ended and whose end has not arrived,
 * since their worker was killed in between, and sends it. Until it arrives another cluster takes
 * the run for dead, and after the grace for its own; so this looks several times within the grace.
 *
 * <p>One daemon thread. Several workers may send the same run; the second finds nothing to send.
 */
final class BackgroundSync {
  private final List<Sync> syncs = new ArrayList<>();
  private final Predicate<String> served;
  private final Clock clock;
  private final long every;
  private final SplittableRandom random;
  private boolean started;
  private boolean closed;

  /**
   * Nothing to look after yet.
   *
   * @param served whether an uplink of this process tells of the run anyway
   * @param every between two looks, give or take a half
   */
  BackgroundSync(Predicate<String> served, Clock clock, Duration every) {
    this.served = served;
    this.clock = clock;
    this.every = Math.max(1, every.toMillis());
    this.random = new SplittableRandom(clock.nanos());
  }

  /** From now on also looks after this project. */
  synchronized void add(Sync sync) {
    syncs.add(sync);
    if (!started) {
      started = true;
      Thread thread = new Thread(this::keepLooking, "wandb-arrears");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Ends the thread after the run that it is sending. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  private void keepLooking() {
    while (waited(every / 2 + random.nextLong(every))) {
      for (Sync sync : copy()) {
        look(sync);
      }
    }
  }

  /** Looks once. */
  void look(Sync sync) {
    try {
      for (String runId : sync.ended()) {
        if (isClosed()) {
          return;
        }
        if (!served.test(runId)) {
          sync.send(runId);
        }
      }
    } catch (IOException | RuntimeException unreadable) {
      return; // looked at again the next time
    }
  }

  private synchronized List<Sync> copy() {
    return List.copyOf(syncs);
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized boolean waited(long millis) {
    long end = clock.nanos() + millis * 1_000_000;
    while (!closed && clock.nanos() < end) {
      try {
        wait(Math.max(1, (end - clock.nanos()) / 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return !closed;
  }
}
