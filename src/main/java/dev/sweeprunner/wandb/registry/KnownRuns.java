package dev.sweeprunner.wandb.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What W&amp;B knows of a sweep's runs. Runs that W&amp;B does not know take no room. Immutable;
 * any thread.
 *
 * @param asOf the server's time of the newest part of the answer
 * @param answered how many of the ids, in their order, the question has reached
 * @param rows one for each run that exists there, ascending by {@link Row#place}
 */
record KnownRuns(Instant asOf, int answered, List<Row> rows) {
  /** No heartbeat is known. */
  static final long NEVER = Long.MIN_VALUE;

  /**
   * A run.
   *
   * @param place its id's, see {@link RunIds#place}
   * @param heartbeat in milliseconds of the server's clock, or {@link #NEVER}
   * @param whole whether it finished with all its iterations: that does not change any more
   * @param shown what a table shows of it besides
   */
  record Row(int place, String state, long iter, long heartbeat, boolean whole, Shown shown) {}

  /**
   * What nothing rests on.
   *
   * @param cluster that says in the run's config that it has the run, or null
   * @param metrics newest values
   */
  record Shown(@Nullable String cluster, Map<String, Double> metrics) {
    /** Nothing is known. */
    static final Shown NOTHING = new Shown(null, Map.of());
  }

  /** Rows in any order; of two of one place the later one counts. */
  static KnownRuns of(Instant asOf, int answered, List<Row> rows) {
    List<Row> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparingInt(Row::place));
    List<Row> distinct = new ArrayList<>(sorted.size());
    for (int i = 0; i < sorted.size(); i++) {
      if (i + 1 == sorted.size() || sorted.get(i + 1).place() != sorted.get(i).place()) {
        distinct.add(sorted.get(i));
      }
    }
    return new KnownRuns(asOf, answered, Collections.unmodifiableList(distinct));
  }

  /** The run at this place of the ids, or null. */
  @Nullable Row at(int place) {
    int low = 0;
    int high = rows.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int there = rows.get(middle).place();
      if (there == place) {
        return rows.get(middle);
      }
      low = there < place ? middle + 1 : low;
      high = there < place ? high : middle - 1;
    }
    return null;
  }

  /** How old a row's heartbeat was when the server answered, or null. */
  @Nullable Duration sinceHeartbeat(Row row) {
    return row.heartbeat() == NEVER
        ? null
        : Duration.ofMillis(Math.max(0, asOf.toEpochMilli() - row.heartbeat()));
  }
}
