package dev.sweeprunner.claim;

import java.util.List;
import org.jspecify.annotations.NullMarked;

/** The bounds of an exploration: how much may happen on one path. Copied, never changed. */
@NullMarked
final class SimRules implements Cloneable {
  /** What an owner does next. */
  enum Move {
    FINISH,
    PUBLISH,
    RELEASE,
    FAIL,
    POISON,
    BEAT,
    LEAVE
  }

  /** Two workers of one process each, that claim, publish once at most, and finish or release. */
  static final SimRules TWO = new SimRules();

  int workers = 2;

  /** Processes that each worker has, one after the other. */
  int lives = 1;

  /** How often a process looks for work. */
  int looks = 1;

  List<Move> moves = List.of(Move.FINISH, Move.PUBLISH, Move.RELEASE);

  /** Of one claim. */
  int publishes = 1;

  /** Beats of one claim in the middle of an append. */
  int between;

  /** Errors and lost replies. */
  int faults;

  /** Answers out of a client's old memory. */
  int stale;

  /**
   * How many processes are killed, each at any call, its last change reaching the server at any
   * later time or never.
   */
  int kills;

  /** Whether a process that ended by itself is followed by the next life too. */
  boolean reborn = true;

  /** How often all machines lose their power, and with it what was not synced. */
  int power;

  /** Whether hard links work. */
  boolean links = true;

  /**
   * Whether listings of an open log show the temps and beats of others. They decide nothing there
   * as long as any judgement of an owner is possible at any time; without them far fewer orders
   * differ.
   */
  boolean shown;

  private SimRules() {}

  private SimRules copy() {
    try {
      return (SimRules) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  SimRules workers(int n) {
    SimRules copy = copy();
    copy.workers = n;
    return copy;
  }

  SimRules lives(int n) {
    SimRules copy = copy();
    copy.lives = n;
    return copy;
  }

  SimRules looks(int n) {
    SimRules copy = copy();
    copy.looks = n;
    return copy;
  }

  SimRules moves(Move... allowed) {
    SimRules copy = copy();
    copy.moves = List.of(allowed);
    return copy;
  }

  SimRules publishes(int n) {
    SimRules copy = copy();
    copy.publishes = n;
    return copy;
  }

  SimRules between(int n) {
    SimRules copy = copy();
    copy.between = n;
    return copy;
  }

  SimRules faults(int n) {
    SimRules copy = copy();
    copy.faults = n;
    return copy;
  }

  SimRules stale(int n) {
    SimRules copy = copy();
    copy.stale = n;
    return copy;
  }

  /** Deaths, and lives after deaths alone. */
  SimRules kills(int n) {
    SimRules copy = copy();
    copy.kills = n;
    copy.reborn = false;
    return copy;
  }

  SimRules reborn() {
    SimRules copy = copy();
    copy.reborn = true;
    return copy;
  }

  SimRules powerLoss() {
    SimRules copy = copy();
    copy.power = 1;
    return copy;
  }

  SimRules noLinks() {
    SimRules copy = copy();
    copy.links = false;
    return copy;
  }

  SimRules shown() {
    SimRules copy = copy();
    copy.shown = true;
    return copy;
  }
}
