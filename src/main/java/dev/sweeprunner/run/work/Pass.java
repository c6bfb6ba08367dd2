package dev.sweeprunner.run.work;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.judge.HomeCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A worker's way through a grid: candidates in claim order, those with a claim log (resumable ones)
 * before fresh ones, of the former its own ones first, of the latter the ones at home here before
 * those of other clusters, each group in the worker's own order.
 *
 * <p>One listing of the lock directory per pass; after that, the work per candidate does not grow
 * with the grid. What the listing said may be stale when a candidate is looked at: the judge
 * decides on fresh facts, and the claim itself is atomic. Belongs to one thread.
 */
public final class Pass {
  private final Points points;
  private final Claims claims;
  private final String worker;
  private final WorkerOrder order;
  private final Clock clock;
  private final Duration maxAge;
  private final HomeCluster home;

  /** Points that have ended or can never be claimed: a memory across passes, until a reset. */
  private final BitSet settled;

  private final int doubles;

  /** Points that this worker had in an earlier life: taken before all others. */
  private final BitSet own;

  private List<Integer> resumable = List.of();
  private int nextResumable;
  private BitSet locked = new BitSet();

  /** Points that have ended as the newest listing says: a log may be taken away again. */
  private BitSet ended = new BitSet();

  private int position;
  private boolean atHome = true;
  private long begun;
  private boolean listed;

  /** Whether the newest listing was like the one before. */
  private boolean same;

  /**
   * A way through {@code points} for the worker of this name.
   *
   * @param maxAge after which a listing is old
   * @param home which runs are taken before those of other clusters
   */
  public Pass(
      Points points, Claims claims, String worker, Clock clock, Duration maxAge, HomeCluster home) {
    this.home = home;
    this.worker = worker;
    this.clock = clock;
    this.maxAge = maxAge;
    this.points = points;
    this.claims = claims;
    this.order = new WorkerOrder(points.size(), worker);
    this.own = new BitSet(points.size());
    this.settled = new BitSet(points.size());
    for (int i = 0; i < points.size(); i++) {
      if (points.firstIndex(i) != i) {
        settled.set(i);
      }
    }
    this.doubles = settled.cardinality();
  }

  /**
   * A way through a newer edition of the grid that knows of each run what this one knows. It has
   * not begun.
   */
  public Pass over(Points newer) {
    Pass pass = new Pass(newer, claims, worker, clock, maxAge, home);
    carry(settled, newer, pass.settled);
    carry(own, newer, pass.own);
    return pass;
  }

  /** By run id; but an id that several configs have says nothing of one of them. */
  private void carry(BitSet mine, Points newer, BitSet theirs) {
    mine.stream()
        .filter(index -> !points.isDuplicate(index))
        .mapToObj(points::runId)
        .filter(runId -> !points.collides(runId) && !newer.collides(runId))
        .forEach(runId -> newer.indexOf(runId).ifPresent(theirs::set));
  }

  /**
   * Lists the lock directory and starts over.
   *
   * @throws dev.sweeprunner.problem.UserError if the directory cannot be read
   */
  public void begin() {
    Claims.Listing listing = claims.list(points.projectSlug());
    BitSet lockedNow = points(listing.locked());
    BitSet endedNow = points(listing.ended());
    same = listed && lockedNow.equals(locked) && endedNow.equals(ended);
    locked = lockedNow;
    ended = endedNow;
    reopen();
    begun = clock.nanos();
    listed = true;
    rewind();
  }

  /**
   * Starts over with the newest listing, unless there is none or it is old: whoever looks before
   * claiming needs only one. Each candidate is looked at afresh in any case.
   */
  public void again() {
    if (!old()) {
      rewind();
    } else {
      begin();
    }
  }

  /** A log without the hint that it has ended may have been reset, or wants its hint. */
  private void reopen() {
    BitSet logs = (BitSet) locked.clone();
    logs.andNot(ended);
    settled.andNot(logs);
  }

  private void rewind() {
    BitSet open = (BitSet) locked.clone();
    open.andNot(settled);
    open.andNot(ended);
    resumable = ownFirst(ordered(open));
    nextResumable = 0;
    position = 0;
    atHome = true;
  }

  /** The next candidate's grid index, or empty at the end of the pass. */
  public OptionalInt next() {
    while (nextResumable < resumable.size()) {
      int index = resumable.get(nextResumable++);
      if (open(index)) {
        return OptionalInt.of(index);
      }
    }
    OptionalInt fresh = nextFresh();
    if (fresh.isEmpty() && atHome && home.divided()) {
      atHome = false;
      position = 0;
      fresh = nextFresh();
    }
    return fresh;
  }

  private OptionalInt nextFresh() {
    while (position < points.size()) {
      int index = order.at(position++);
      if (!locked.get(index) && open(index) && home.owns(points.runId(index)) == atHome) {
        return OptionalInt.of(index);
      }
    }
    return OptionalInt.empty();
  }

  /** Whether there is no listing, or one so old that a new pass may find runs to resume first. */
  public boolean old() {
    return !listed || clock.nanos() - begun > maxAge.toNanos();
  }

  /** Whether the newest listing shows nothing new. */
  boolean unchanged() {
    return same;
  }

  /** Remembers that a point has ended: it is no candidate any more, unless its log is reset. */
  public void settle(int index) {
    settled.set(index);
  }

  /** Puts a run that this worker had in an earlier life first, from the next pass on. */
  void had(int index, Owner owner) {
    own.set(index, owner.worker().equals(worker));
  }

  private List<Integer> ownFirst(List<Integer> indices) {
    if (own.isEmpty()) {
      return indices;
    }
    List<Integer> sorted = new ArrayList<>(indices);
    sorted.sort(Comparator.comparing(index -> !own.get(index))); // stable: the order stays
    return sorted;
  }

  /** Whether every point has ended, as far as this process knows. */
  public boolean allSettled() {
    return ended(new BitSet()) == distinct();
  }

  /** How many points have ended, as far as this process knows, these among them. */
  int ended(BitSet these) {
    BitSet all = (BitSet) settled.clone();
    all.or(ended);
    all.or(these);
    return all.cardinality() - doubles;
  }

  /** How many points there are, each run counted once. */
  int distinct() {
    return points.size() - doubles;
  }

  private boolean open(int index) {
    return !settled.get(index) && !ended.get(index);
  }

  private BitSet points(Set<String> runIds) {
    BitSet indices = new BitSet(points.size());
    runIds.forEach(runId -> points.indexOf(runId).ifPresent(indices::set));
    return indices;
  }

  /** The grid this pass goes through. */
  public Points points() {
    return points;
  }

  /** Set bits in this worker's order, without walking the whole grid when few are set. */
  private List<Integer> ordered(BitSet open) {
    List<Integer> indices = new ArrayList<>(open.cardinality());
    if (open.cardinality() * 8L >= points.size()) {
      for (int k = 0; k < points.size(); k++) {
        int index = order.at(k);
        if (open.get(index)) {
          indices.add(index);
        }
      }
      return indices;
    }
    int offset = order.at(0);
    for (int i = open.nextSetBit(offset); i >= 0; i = open.nextSetBit(i + 1)) {
      indices.add(i);
    }
    for (int i = open.nextSetBit(0); i >= 0 && i < offset; i = open.nextSetBit(i + 1)) {
      indices.add(i);
    }
    return indices;
  }
}
