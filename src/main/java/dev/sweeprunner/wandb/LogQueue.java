package dev.sweeprunner.wandb;

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

  LogQueue(boolean live) {
    this.live = live;
  }

  synchronized void line(String line) {
    Deque<String> queue = live ? ready : waiting;
    queue.addLast(line);
    if (queue.size() > MOST) {
      queue.removeFirst();
    }
  }

  /** What waits may leave. */
  synchronized void covered() {
    ready.addAll(waiting);
    waiting.clear();
  }

  /** What waits belongs to work that was not kept, but for the last line, which says why. */
  synchronized void ended() {
    String last = waiting.peekLast();
    waiting.clear();
    if (last != null) {
      ready.addLast(last);
    }
  }

  /** The oldest lines that may leave; they stay until {@link #sent}. */
  synchronized List<String> peek(int most) {
    return ready.stream().limit(most).toList();
  }

  synchronized void sent(int lines) {
    for (int i = 0; i < lines && !ready.isEmpty(); i++) {
      ready.removeFirst();
    }
  }
}
