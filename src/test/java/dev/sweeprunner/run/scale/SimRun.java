package dev.sweeprunner.run.scale;

import dev.sweeprunner.run.scale.Demand.Life;
import dev.sweeprunner.run.scale.Demand.Lot;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** A run in a simulation. */
@NullMarked
final class SimRun {
  final String id;
  final Set<String> sweeps;
  final long goal;
  private Lot lot;
  State state = State.FREE;
  double done;

  /** Since when it goes on at this speed. */
  long since;

  double speed;

  /** The life that has it, or had it and did not give it back. */
  @Nullable Life holder;

  /** What may happen to it. */
  enum State {
    FREE,
    HELD,
    /** Its task was requeued and comes back for it. */
    AWAITED,
    /** It backs off. */
    LATER,
    ENDED
  }

  SimRun(String id, Set<String> sweeps, long goal) {
    this.id = id;
    this.sweeps = sweeps;
    this.goal = goal;
    this.lot = new Lot(sweeps, goal);
  }

  void go(long now, double perSecond) {
    settle(now);
    speed = perSecond;
  }

  /** Half of what it did since its last checkpoint is lost at an end without a word. */
  void stop(long now, State next) {
    settle(now);
    speed = 0;
    state = next;
    lot = new Lot(sweeps, Math.max(1, goal - (long) done));
  }

  private void settle(long now) {
    done = iter(now);
    since = now;
  }

  double iter(long now) {
    return Math.min((double) goal, done + speed * (now - since));
  }

  Lot lot() {
    return lot;
  }
}
