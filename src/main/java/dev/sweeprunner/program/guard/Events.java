package dev.sweeprunner.program.guard;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Lets a thread wait until another one tells that something has changed. */
final class Events {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Something has changed. */
  void tell() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until it is so, the time is over, or this thread is interrupted; says whether it is. */
  boolean await(Duration atMost, BooleanSupplier so) {
    lock.lock();
    try {
      long left = atMost.toNanos();
      while (!so.getAsBoolean() && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    return so.getAsBoolean();
  }

  /** As {@link #await}, but an interrupt waits until afterwards. */
  boolean awaitFirmly(Duration atMost, BooleanSupplier so) {
    boolean interrupted = Thread.interrupted();
    while (true) {
      boolean is = await(atMost, so);
      boolean again = Thread.interrupted();
      interrupted |= again;
      if (is || !again) {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        return is;
      }
    }
  }
}
