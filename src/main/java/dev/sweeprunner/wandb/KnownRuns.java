package dev.sweeprunner.wandb;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What W&amp;B knows of a sweep's runs: a row for each run that exists there, in columns, ascending
 * by {@link RunIds#place}. Runs that W&amp;B does not know take no room. Immutable; any thread.
 */
final class KnownRuns {
  /** No heartbeat is known. */
  static final long NEVER = Long.MIN_VALUE;

  private final Instant asOf;
  private final int answered;
  private final int[] places;
  private final String[] states;
  private final long[] iters;
  private final long[] heartbeats;
  private final BitSet whole;

  private KnownRuns(Instant asOf, int answered, Rows rows) {
    this.asOf = asOf;
    this.answered = answered;
    this.places = Arrays.copyOf(rows.places, rows.size);
    this.states = Arrays.copyOf(rows.states, rows.size);
    this.iters = Arrays.copyOf(rows.iters, rows.size);
    this.heartbeats = Arrays.copyOf(rows.heartbeats, rows.size);
    this.whole = rows.whole;
  }

  /** The server's time of the newest part of the answer. */
  Instant asOf() {
    return asOf;
  }

  /** How many of the ids, in their order, the question has reached. */
  int answered() {
    return answered;
  }

  /** How many runs are known. */
  int size() {
    return places.length;
  }

  /** The row of the run at this place of the ids, or a negative number. */
  int row(int place) {
    return Arrays.binarySearch(places, place);
  }

  int place(int row) {
    return places[row];
  }

  String state(int row) {
    return states[row];
  }

  long iter(int row) {
    return iters[row];
  }

  /** Milliseconds of the server's clock, or {@link #NEVER}. */
  long heartbeat(int row) {
    return heartbeats[row];
  }

  /** Whether the run finished with all its iterations: that does not change any more. */
  boolean whole(int row) {
    return whole.get(row);
  }

  /** How old the heartbeat was when the server answered, or null. */
  @Nullable Duration sinceHeartbeat(int row) {
    if (heartbeats[row] == NEVER) {
      return null;
    }
    return Duration.ofMillis(Math.max(0, asOf.toEpochMilli() - heartbeats[row]));
  }

  /** Rows in the making, in any order. */
  static final class Rows {
    private static final int FIRST_ROOM = 16;

    private int size;
    private int[] places = new int[FIRST_ROOM];
    private String[] states = new String[FIRST_ROOM];
    private long[] iters = new long[FIRST_ROOM];
    private long[] heartbeats = new long[FIRST_ROOM];
    private BitSet whole = new BitSet();

    void add(int place, String state, long iter, long heartbeat, boolean isWhole) {
      if (size == places.length) {
        places = Arrays.copyOf(places, 2 * size);
        states = Arrays.copyOf(states, 2 * size);
        iters = Arrays.copyOf(iters, 2 * size);
        heartbeats = Arrays.copyOf(heartbeats, 2 * size);
      }
      places[size] = place;
      states[size] = state;
      iters[size] = iter;
      heartbeats[size] = heartbeat;
      whole.set(size, isWhole);
      size++;
    }

    /** The rows in their order; of two of one place the one that was added later counts. */
    KnownRuns build(Instant asOf, int answered) {
      long[] order = new long[size];
      for (int i = 0; i < size; i++) {
        order[i] = (long) places[i] << Integer.SIZE | i;
      }
      Arrays.sort(order);
      Rows sorted = new Rows();
      for (int k = 0; k < size; k++) {
        int i = (int) order[k];
        boolean repeated = k + 1 < size && order[k + 1] >> Integer.SIZE == places[i];
        if (!repeated) {
          sorted.add(places[i], states[i], iters[i], heartbeats[i], whole.get(i));
        }
      }
      return new KnownRuns(asOf, answered, sorted);
    }
  }
}
