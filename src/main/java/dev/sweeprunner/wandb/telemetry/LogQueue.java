package dev.sweeprunner.wandb.telemetry;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * One claim's console lines on their way out. Lines that wait for a publish are held back; beyond
 * {@link #MOST} the oldest are dropped, since {@code run.log} has them all. Any thread.
 */
final class LogQueue {
  /** Lines held in memory. */
  static final int MOST = 5_000;

  private final boolean live;
  private final Deque<String> ready = new ArrayDeque<>();
  private final Deque<String> waiting = new ArrayDeque<>();
  private long gone;

  LogQueue(boolean live) {
    this.live = live;
  }

  synchronized void line(String line) {
    if (live) {
      ready.addLast(line);
      trimReady();
    } else {
      waiting.addLast(line);
      if (waiting.size() > MOST) {
        waiting.removeFirst();
      }
    }
  }

  /** Lines of earlier times, which may leave, however many they are. */
  synchronized void earlier(List<String> lines) {
    ready.addAll(lines);
  }

  /** What waits may leave. */
  synchronized void covered() {
    ready.addAll(waiting);
    waiting.clear();
    trimReady();
  }

  /**
   * No line will follow.
   *
   * @param kept whether the work that the waiting lines tell of was kept; if not, only the last of
   *     them leaves, which says why
   */
  synchronized void ended(boolean kept) {
    while (!kept && waiting.size() > 1) {
      waiting.removeFirst();
    }
    covered();
  }

  /** The oldest lines that may leave; they stay until {@link #sent}. */
  synchronized Batch peek(int most) {
    List<String> lines = ready.stream().limit(most).toList();
    return new Batch(gone + lines.size(), lines);
  }

  /** Those lines have arrived; some of them may have been dropped in the meantime. */
  synchronized void sent(Batch batch) {
    while (gone < batch.end() && !ready.isEmpty()) {
      removeReady();
    }
  }

  private void trimReady() {
    while (ready.size() > MOST) {
      removeReady();
    }
  }

  private void removeReady() {
    ready.removeFirst();
    gone++;
  }

  /**
   * Lines to be sent.
   *
   * @param end lines of this queue that are gone once these are
   * @param lines oldest first
   */
  record Batch(long end, List<String> lines) {
    static final Batch NONE = new Batch(0, List.of());
  }
}
