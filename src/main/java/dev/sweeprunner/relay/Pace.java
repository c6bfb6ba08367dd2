package dev.sweeprunner.relay;

import dev.sweeprunner.run.Clock;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds somebody's requests to a rate: who comes too often waits its turn in the thread that serves
 * it, and only few may wait at once. Any thread.
 */
final class Pace {
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);

  private final Clock clock;
  private final long between;
  private final long burst;
  private final Semaphore waiting;
  private long due;

  /**
   * A pace.
   *
   * @param perSecond how many in the long run
   * @param burst how many at once
   * @param waiting how many may wait for their turn
   */
  Pace(Clock clock, int perSecond, int burst, int waiting) {
    this.clock = clock;
    this.between = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.burst = between * burst;
    this.waiting = new Semaphore(waiting);
    this.due = clock.nanos() - this.burst;
  }

  /** Waits for the next turn; false where too many do. */
  boolean take() {
    long wait = turn();
    if (wait <= 0) {
      return true;
    }
    if (!waiting.tryAcquire()) {
      return false;
    }
    try {
      pause(wait);
      return true;
    } finally {
      waiting.release();
    }
  }

  /** Nanoseconds until the next turn. */
  private synchronized long turn() {
    long now = clock.nanos();
    due = Math.max(due, now - burst) + between;
    if (due - now > LONGEST) {
      due -= between;
    }
    return due - now;
  }

  /** Waits, in a thread that serves a request. */
  static void pause(long nanos) {
    ReentrantLock own = new ReentrantLock();
    Condition never = own.newCondition();
    own.lock();
    try {
      for (long left = nanos; left > 0; ) {
        left = never.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      own.unlock();
    }
  }
}
