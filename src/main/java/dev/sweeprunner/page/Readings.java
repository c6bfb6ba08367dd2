package dev.sweeprunner.page;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.RowText;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the rows of runs for all who ask, one run at a time, and holds what it has read of those
 * that were asked for last: a run whose rows took long to read is read again only after a longer
 * rest, so that a page that follows it takes little from whoever trains beside it. Any thread.
 */
final class Readings {
  /** So many times as long as it took to read a run it is not read again. */
  private static final int REST = 20;

  private static final Duration LEAST_REST = Duration.ofSeconds(1);
  private static final int MOST_RUNS = 32;

  /** Who has these can follow without reading anew. */
  private static final int NEWEST = Curves.MOST_POINTS;

  private final Clock clock;
  private final Map<RunKey, Reading> held = new LinkedHashMap<>(16, 0.75f, true);

  Readings(Clock clock) {
    this.clock = clock;
  }

  /**
   * What was read at once.
   *
   * @param newest the newest rows
   * @param whole whether there are no others
   * @param until it serves, in nanoseconds
   */
  private record Reading(Curves all, List<RowText> newest, boolean whole, long until) {
    /** Whether nothing between a step and the newest rows is missing. */
    boolean follows(long step) {
      return whole || newest.get(0).step() <= step + 1;
    }
  }

  /**
   * The curves of a run.
   *
   * @param after of later steps only, as they are as long as there are not too many; -1 for all
   */
  synchronized Curves of(Subject subject, RunKey key, long after) {
    Reading known = held.get(key);
    if (known == null || clock.nanos() - known.until() > 0) {
      known = read(subject, key);
      held.put(key, known);
      held.keySet().stream()
          .limit(Math.max(0, held.size() - MOST_RUNS))
          .toList()
          .forEach(held::remove);
    }
    if (after < 0) {
      return known.all();
    }
    List<RowText> later = known.newest().stream().filter(row -> row.step() > after).toList();
    return known.follows(after) ? known.all().of(later) : known.all().after(after);
  }

  private Reading read(Subject subject, RunKey key) {
    Deque<RowText> newest = new ArrayDeque<>();
    boolean[] whole = {true};
    long begun = clock.nanos();
    Curves all =
        Curves.read(
            subject,
            key,
            row -> {
              newest.add(row);
              if (newest.size() > NEWEST) {
                newest.remove();
                whole[0] = false;
              }
            });
    long ended = clock.nanos();
    long rest = Math.max(LEAST_REST.toNanos(), REST * (ended - begun));
    return new Reading(all, List.copyOf(newest), whole[0], ended + rest);
  }
}
