package dev.sweeprunner.host;

import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.StopSignal;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Waits that a stop request ends at once: whoever requests it calls {@link #wake}. Any thread; from
 * the request on no wait lasts.
 */
public final class SignalPause implements Pause {
  private final StopSignal stop;
  private final CountDownLatch woken = new CountDownLatch(1);

  /** Waits under this stop signal. */
  public SignalPause(StopSignal stop) {
    this.stop = stop;
  }

  /** Ends every wait, now and later. */
  public void wake() {
    woken.countDown();
  }

  @Override
  public void pause(Duration duration) {
    if (stop.requested()) {
      return;
    }
    try {
      boolean stopped = woken.await(duration.toNanos(), TimeUnit.NANOSECONDS);
      assert !stopped || woken.getCount() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
