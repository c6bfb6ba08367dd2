package dev.sweeprunner.relay;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Counts the posts to one run, so that somebody can wait for the next one. Any thread. */
final class Posts {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition taken = lock.newCondition();
  private long begun;
  private long newestTaken;

  /** A post begins to arrive: its number, which grows. */
  long begin() {
    lock.lock();
    try {
      return ++begun;
    } finally {
      lock.unlock();
    }
  }

  /** A post has been taken whole. */
  void took(long number) {
    lock.lock();
    try {
      newestTaken = Math.max(newestTaken, number);
      taken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The number of the newest that has begun. */
  long begun() {
    lock.lock();
    try {
      return begun;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a post was taken that began after the one of this number. */
  void awaitAfter(long before, Duration longest) {
    lock.lock();
    try {
      long left = longest.toNanos();
      while (newestTaken <= before && left > 0) {
        left = taken.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
