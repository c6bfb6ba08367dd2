package dev.sweeprunner.claim;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The one daemon thread that beats for all claims of this process. It goes on while a stop is being
 * obeyed: saving a checkpoint takes time.
 */
final class BeatThread {
  private static final double JITTER = 0.2;

  private final long interval;
  private final SplittableRandom random;
  private final ScheduledThreadPoolExecutor executor;

  /**
   * A thread that is not started before it is needed.
   *
   * @param seed spreads the beats of many workers
   */
  BeatThread(Duration beat, long seed) {
    this.interval = beat.toNanos();
    this.random = new SplittableRandom(seed);
    this.executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "claim-beat");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Beats at each interval, give or take a fifth, until the claim needs it no more. */
  synchronized void start(HeldClaim claim) {
    double factor = 1 + JITTER * (2 * random.nextDouble() - 1);
    var unused =
        executor.schedule(() -> beat(claim), (long) (interval * factor), TimeUnit.NANOSECONDS);
  }

  private void beat(HeldClaim claim) {
    if (!claim.beats()) {
      return;
    }
    try {
      claim.beat();
    } finally {
      start(claim);
    }
  }
}
