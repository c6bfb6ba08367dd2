package dev.sweeprunner.relay.rows;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a program numbers its rows: by a step that it names, over an axis of its own, or one after
 * the other. That it names steps the client tells within about 5 s of the first; until then nobody
 * can know. Guarded by its book.
 */
final class Habit {
  /** A description that comes so long after the first row would tell. */
  private static final Duration TELLING = Duration.ofSeconds(2);

  /** After so long it would have been told. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private Signs signs;
  private boolean settled;
  private long firstRow = -1;

  /**
   * A habit of which this much is known.
   *
   * @param settled whether earlier lives have lasted long enough to tell
   */
  Habit(Signs signs, boolean settled) {
    this.signs = signs;
    this.settled = settled || signs.explicit();
  }

  /** A row has arrived. */
  void row(long nanos) {
    firstRow = firstRow < 0 ? nanos : firstRow;
  }

  /** The client has described the run. */
  void described(Signs more, long nanos) {
    signs = signs.and(more);
    settled |= signs.explicit() || lasted(TELLING, nanos);
  }

  /** Time goes by. */
  void tick(long nanos) {
    settled |= lasted(LONGEST, nanos);
  }

  /** The client has told all there is; one that logged nothing has told nothing. */
  void ended() {
    settled |= firstRow >= 0;
  }

  private boolean lasted(Duration time, long nanos) {
    return firstRow >= 0 && nanos - firstRow >= time.toNanos();
  }

  /** Whether nothing is left to wait for. */
  boolean settled() {
    return settled;
  }

  /** Whether it has named a step. */
  boolean explicit() {
    return signs.explicit();
  }

  /** The metric that it charts over; null where there is none, or it names steps. */
  @Nullable String axis() {
    return signs.explicit() ? null : signs.axis();
  }

  /** All that is known. */
  Signs signs() {
    return signs;
  }
}
