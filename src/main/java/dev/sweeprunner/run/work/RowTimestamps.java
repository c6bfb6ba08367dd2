package dev.sweeprunner.run.work;

import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Row;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Notes on each row when it was made: {@code wall.timestamp}, seconds since 1970, and {@code
 * wall.runtime}, seconds that this run has been worked on, all its claims together, the time
 * between them left out. Belongs to one claim.
 */
final class RowTimestamps {
  private static final String TIMESTAMP = "timestamp";
  private static final String RUNTIME = "runtime";
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MILLIS_PER_SECOND = 1e3;

  private final Clock clock;
  private final long began;
  private final double before;

  private RowTimestamps(Clock clock, double before) {
    this.clock = clock;
    this.began = clock.nanos();
    this.before = before;
  }

  /** Starts now, after what the rows of earlier claims say; what cannot be read counts as zero. */
  static RowTimestamps after(Ledger safe, Clock clock) {
    return new RowTimestamps(clock, runtime(safe));
  }

  private static double runtime(Ledger safe) {
    if (safe.lines() == 0) {
      return 0;
    }
    try {
      List<Row> last = safe.read(safe.lines() - 1, safe.lines());
      return last.isEmpty() ? 0 : last.get(0).wall().getOrDefault(RUNTIME, 0.0);
    } catch (IOException unreadable) {
      return 0;
    }
  }

  /** The row, with its times; those that its program logged stay. */
  Row on(Row row) {
    if (row.wall().containsKey(TIMESTAMP)) {
      return row;
    }
    Instant now = clock.now();
    Map<String, Double> wall = new LinkedHashMap<>(row.wall());
    wall.put(TIMESTAMP, now.toEpochMilli() / MILLIS_PER_SECOND);
    wall.put(RUNTIME, before + (clock.nanos() - began) / NANOS_PER_SECOND);
    return new Row(row.step(), row.values(), Collections.unmodifiableMap(wall), row.logged());
  }
}
