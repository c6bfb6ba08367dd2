package dev.sweeprunner.page;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One metric of a run, at most so many points of it. Where there are more, steps are put into
 * buckets of equal width, and of each bucket the least and the greatest value stay, so that no
 * spike is lost; the first and the newest point always stay. One pass, in which no more points are
 * held than stay. Belongs to one thread.
 */
final class Curve {
  private final int most;
  private final List<Bucket> buckets = new ArrayList<>();
  private long width = 1;
  private int kept;
  private boolean thinned;
  private Point first = Point.NONE;
  private Point last = Point.NONE;

  /** An empty one. */
  Curve(int most) {
    this.most = most;
  }

  /**
   * One point.
   *
   * @param value perhaps no finite number
   */
  record Point(long step, double value) {
    static final Point NONE = new Point(-1, Double.NaN);

    boolean finite() {
      return Double.isFinite(value);
    }
  }

  /** Takes the next point; steps only grow. */
  void add(long step, double value) {
    Point point = new Point(step, value);
    first = buckets.isEmpty() ? point : first;
    last = point;
    put(new Bucket(Math.floorDiv(step, width), point, point));
    while (kept > (thinned ? most - 2 : most)) {
      widen();
    }
  }

  /** Whether some points were left out. */
  boolean thinned() {
    return thinned;
  }

  /** Hands on what stays, by its steps. */
  void each(Consumer<Point> points) {
    if (!buckets.isEmpty() && buckets.get(0).earlier().step() != first.step()) {
      points.accept(first);
    }
    Point newest = Point.NONE;
    for (Bucket bucket : buckets) {
      points.accept(bucket.earlier());
      if (bucket.size() > 1) {
        points.accept(bucket.later());
      }
      newest = bucket.later();
    }
    if (last.step() > newest.step()) {
      points.accept(last);
    }
  }

  /** The same with at most so many points. */
  Curve thin(int fewer) {
    Curve thin = new Curve(fewer);
    each(point -> thin.add(point.step(), point.value()));
    thin.thinned |= thinned;
    return thin;
  }

  /** How many points stay, at most. */
  int size() {
    return Math.min(most, kept + (thinned ? 2 : 0));
  }

  private void put(Bucket bucket) {
    Bucket newest = buckets.isEmpty() ? null : buckets.get(buckets.size() - 1);
    if (newest == null || newest.index != bucket.index) {
      buckets.add(bucket);
      kept += bucket.size();
      return;
    }
    Bucket both = newest.and(bucket);
    buckets.set(buckets.size() - 1, both);
    thinned |= both.size() < newest.size() + bucket.size();
    kept += both.size() - newest.size();
  }

  private void widen() {
    List<Bucket> narrow = List.copyOf(buckets);
    buckets.clear();
    kept = 0;
    width *= 2;
    narrow.forEach(bucket -> put(bucket.in(Math.floorDiv(bucket.index, 2))));
  }

  /**
   * The steps of one width.
   *
   * @param least the point of the least value, or one that is no number where there is no other
   */
  private record Bucket(long index, Point least, Point greatest) {
    int size() {
      return least.step() == greatest.step() ? 1 : 2;
    }

    Point earlier() {
      return least.step() <= greatest.step() ? least : greatest;
    }

    Point later() {
      return least.step() <= greatest.step() ? greatest : least;
    }

    Bucket in(long other) {
      return new Bucket(other, least, greatest);
    }

    /** With what comes later. */
    Bucket and(Bucket later) {
      if (!later.least.finite()) {
        return this;
      }
      if (!least.finite()) {
        return later;
      }
      return new Bucket(
          index,
          later.least.value() < least.value() ? later.least : least,
          later.greatest.value() > greatest.value() ? later.greatest : greatest);
    }
  }
}
