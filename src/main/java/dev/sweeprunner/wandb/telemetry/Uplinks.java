package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.run.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All uplinks of this process and the one thread that serves them: the run in training and those
 * before it whose end has not arrived yet. The thread sleeps until something is due, is a daemon,
 * and keeps beating while training uses every core, and while files are carried.
 */
final class Uplinks {
  private static final long LONGEST_SLEEP = Duration.ofSeconds(1).toMillis();

  private final Clock clock;
  private final List<Uplink> all = new ArrayList<>();
  private boolean started;
  private boolean closed;

  Uplinks(Clock clock) {
    this.clock = clock;
  }

  /** Takes over an uplink; the thread starts with the first one. */
  synchronized void add(Uplink uplink) {
    all.add(uplink);
    if (!started) {
      started = true;
      Thread thread = new Thread(this::serve, "wandb-uplink");
      thread.setDaemon(true);
      thread.setPriority(Thread.MAX_PRIORITY);
      thread.start();
    }
    notifyAll();
  }

  /** Does what may take hours in a thread of its own; it ends with the process. */
  static void carry(Runnable load) {
    Thread thread = new Thread(load, "wandb-cargo");
    thread.setDaemon(true);
    thread.start();
  }

  /** Whether one of them tells of this run. */
  synchronized boolean serve(String runId) {
    return all.stream().anyMatch(uplink -> uplink.runId().equals(runId));
  }

  /** Something has become due. */
  synchronized void wake() {
    notifyAll();
  }

  /**
   * Delivers what is left, at most for so long, and ends the thread.
   *
   * @return the ids of runs whose last words have not arrived
   */
  synchronized List<String> close(Duration longest) {
    long end = clock.nanos() + longest.toNanos();
    all.forEach(Uplink::hurry);
    notifyAll();
    while (all.stream().anyMatch(uplink -> !uplink.done()) && clock.nanos() < end) {
      try {
        wait(Math.max(1, Math.min(LONGEST_SLEEP, (end - clock.nanos()) / 1_000_000)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    closed = true;
    notifyAll();
    List<Uplink> left = all.stream().filter(uplink -> !uplink.done()).toList();
    left.forEach(Uplink::remember);
    return left.stream().map(Uplink::runId).distinct().toList();
  }

  /** Rows that have not arrived. */
  synchronized long lacking() {
    return all.stream().mapToLong(Uplink::lacking).sum();
  }

  private void serve() {
    for (Uplink due = next(); due != null; due = next()) {
      due.step();
      forget();
    }
  }

  /** The uplink that is due now, after waiting for one; null at the end. */
  private synchronized @Nullable Uplink next() {
    while (!closed) {
      long now = clock.nanos();
      long soonest = Long.MAX_VALUE;
      for (Uplink uplink : all) {
        long left = uplink.due() - now;
        if (left <= 0) {
          // Those behind it come first the next time.
          all.remove(uplink);
          all.add(uplink);
          return uplink;
        }
        soonest = Math.min(soonest, left);
      }
      try {
        wait(Math.max(1, Math.min(LONGEST_SLEEP, soonest / 1_000_000)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
    }
    return null;
  }

  private synchronized void forget() {
    all.removeIf(Uplink::done);
    notifyAll();
  }
}
