package dev.sweeprunner.relay.rows;

import dev.sweeprunner.run.Logged;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A program that goes on from a checkpoint: its rows follow the base's. A row that it logs right
 * after it has saved is no part of that checkpoint, but it does not log it again: where its first
 * row shows that it goes on behind such rows of dead claims, these are taken in.
 */
final class AfterBase implements Steps {
  private final Rules rules;
  private final Habit habit;
  private final long base;
  private final double runtime;
  private final DeadLives dead;
  private final BooleanSupplier complete;
  private final List<Logged> held = new ArrayList<>();
  private @Nullable Onward onward;

  /**
   * Rows that follow a base.
   *
   * @param base the step of its newest row, or -1
   * @param runtime that this row shows, seconds
   * @param complete whether the client has said goodbye
   */
  AfterBase(
      Rules rules,
      Habit habit,
      long base,
      double runtime,
      DeadLives dead,
      BooleanSupplier complete) {
    this.complete = complete;
    this.rules = rules;
    this.habit = habit;
    this.base = base;
    this.runtime = runtime;
    this.dead = dead;
  }

  @Override
  public void take(Logged row, Placed placed) {
    tick(placed);
    if (onward == null && waits(row)) {
      held.add(row);
      placed.held(row);
    } else {
      begin(row, placed).take(row, placed);
    }
  }

  /** Rows that nobody may drop lie behind the base, and it is not known yet how to compare them. */
  private boolean waits(Logged first) {
    if (comparable() || !held.isEmpty()) {
      return !comparable();
    }
    return first.step() <= base + 1 && !dead.after(base, row -> false).isEmpty();
  }

  private boolean comparable() {
    return rules.known(habit) || habit.axis() != null;
  }

  @Override
  public void tick(Placed placed) {
    if (!held.isEmpty() && comparable()) {
      release(placed);
    }
  }

  private void release(Placed placed) {
    List<Logged> rows = List.copyOf(held);
    held.clear();
    rows.forEach(row -> begin(row, placed).take(row, placed));
  }

  /** Who has nothing left to log has also nothing to log again. */
  @Override
  public void end(Placed placed) {
    release(placed);
    if (onward == null && complete.getAsBoolean()) {
      dead.after(base, row -> false).values().forEach(placed::own);
      onward = new Onward(rules, Long.MAX_VALUE, 0, 0);
    }
  }

  private Onward begin(Logged first, Placed placed) {
    Onward following = onward;
    if (following == null) {
      following = behind(first, placed);
      onward = following;
    }
    return following;
  }

  private Onward behind(Logged first, Placed placed) {
    NavigableMap<Long, Logged> missed = missed(first);
    Logged newest = missed.isEmpty() ? baseRow() : missed.lastEntry().getValue();
    missed.values().forEach(placed::own);
    if (missed.isEmpty() || newest == null) {
      placed.goesOn(newest, runtime);
      return new Onward(rules, base, 0, runtime);
    }
    placed.goesOn(newest, newest.runtime());
    boolean there = first.step() > newest.step();
    long delta = there ? 0 : rules.delta(newest.step() + 1, first.step());
    return new Onward(rules, newest.step(), delta, newest.runtime());
  }

  /** Only who names steps, or has an axis, shows that something is missing. */
  private @Nullable Logged baseRow() {
    return base >= 0 && (habit.explicit() || habit.axis() != null) ? dead.row(base) : null;
  }

  private NavigableMap<Long, Logged> missed(Logged first) {
    String name = habit.axis();
    if (first.step() <= base + 1 && name == null) {
      return new TreeMap<>();
    }
    if (first.step() > base + 1 || name == null) {
      return dead.after(base, row -> !rules.missed(row.step(), first.step()));
    }
    Axis axis = new Axis(name);
    OptionalDouble from = axis.place(first);
    if (from.isEmpty()) {
      return new TreeMap<>();
    }
    return dead.after(
        base,
        row -> {
          OptionalDouble place = axis.place(row);
          return place.isPresent() && !rules.missed(place.getAsDouble(), from.getAsDouble());
        });
  }
}
