package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Row;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One claim's rows on their way out, by line number. What is safe on disk is read from there; what
 * is not, and may leave all the same, is held here, at most {@link #MOST} rows of {@link
 * #MOST_CHARS}: if W&amp;B cannot be reached for so long, they wait for the publish that covers
 * them.
 *
 * <p>Any thread; reading happens outside the lock.
 */
final class RowQueue {
  /** Rows held in memory. */
  static final int MOST = 10_000;

  /** Characters that programs logged in them. */
  static final long MOST_CHARS = 64L << 20;

  private final boolean live;
  private final long base;
  private final Deque<Row> made = new ArrayDeque<>();
  private Ledger safe;
  private long next;
  private long chars;

  /**
   * A queue behind the rows of a base checkpoint.
   *
   * @param live whether rows may leave before a publish covers them
   */
  RowQueue(Ledger safe, boolean live) {
    this.safe = safe;
    this.live = live;
    this.base = safe.lines();
    this.next = base;
  }

  synchronized void made(Row row) {
    next++;
    if (live) {
      made.addLast(row);
      chars += chars(row);
      while (made.size() > MOST || chars > MOST_CHARS) {
        forget();
      }
    }
  }

  synchronized void covered(Ledger ledger) {
    long held = ledger.lines() - (next - made.size());
    for (long i = 0; i < held && !made.isEmpty(); i++) {
      forget();
    }
    safe = ledger;
    next = Math.max(next, ledger.lines());
  }

  private void forget() {
    chars -= chars(made.removeFirst());
  }

  private static int chars(Row row) {
    String logged = row.logged();
    return logged == null ? 0 : logged.length();
  }

  /** Rows that may leave. */
  synchronized long sendable() {
    return live ? next : safe.lines();
  }

  /** Rows that were made, whether they may leave or not. */
  synchronized long all() {
    return next;
  }

  /** Rows of claims before this one; those behind them are made anew, whatever left before. */
  long base() {
    return base;
  }

  /**
   * Rows from this line on, at most {@code most}; empty if the next one is not to be had now.
   *
   * @throws IOException if they cannot be read now
   */
  List<Row> from(long line, int most) throws IOException {
    Ledger ledger;
    synchronized (this) {
      if (line >= safe.lines()) {
        return held(line, most);
      }
      ledger = safe;
    }
    return ledger.read(line, Math.min(ledger.lines(), line + most));
  }

  private List<Row> held(long line, int most) {
    long skip = line - (next - made.size());
    if (skip < 0) {
      return List.of();
    }
    return new ArrayList<>(made).stream().skip(skip).limit(most).toList();
  }
}
