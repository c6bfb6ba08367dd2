package dev.sweeprunner.relay.rows;

import dev.sweeprunner.run.Logged;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds rows back until it is known how their program numbers them: earlier lives were too short to
 * tell. The client was told of no row, so that it refuses none, and counts from 0.
 */
final class Held implements Steps {
  private final Rules rules;
  private final Habit habit;
  private final Supplier<NavigableMap<Long, Logged>> dead;
  private final Consumer<String> said;
  private final List<Logged> rows = new ArrayList<>();
  private @Nullable Steps known;

  /**
   * Holds rows.
   *
   * @param dead what dead claims have logged, once the habit is settled
   * @param said told once what nobody can know
   */
  Held(Rules rules, Habit habit, Supplier<NavigableMap<Long, Logged>> dead, Consumer<String> said) {
    this.said = said;
    this.rules = rules;
    this.habit = habit;
    this.dead = dead;
  }

  @Override
  public void take(Logged row, Placed placed) {
    tick(placed);
    if (known != null) {
      known.take(row, placed);
    } else {
      rows.add(row);
      placed.held(row);
    }
  }

  @Override
  public void tick(Placed placed) {
    if (known == null && rules.known(habit)) {
      settle(placed);
    }
  }

  @Override
  public void end(Placed placed) {
    Steps steps = known == null ? settle(placed) : known;
    steps.end(placed);
  }

  private Steps settle(Placed placed) {
    Steps steps = Steps.merging(rules, habit, dead.get(), false, said);
    rows.forEach(row -> steps.take(row, placed));
    rows.clear();
    known = steps;
    return steps;
  }
}
