package dev.sweeprunner.relay.rows;

import dev.sweeprunner.run.Logged;
import java.util.NavigableMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where the rows of a life stand among those of the run. Guarded by its book. */
interface Steps {
  /** A row has come from the client, under the client's step. */
  void take(Logged row, Placed placed);

  /** Time goes by, or the client has told more of itself. */
  default void tick(Placed placed) {}

  /** Nothing comes any more: what was held back is given. */
  void end(Placed placed);

  /**
   * For a life of which nothing tells where it goes on.
   *
   * @param kept what dead claims have logged; taken over
   * @param told whether the client was told of the newest of them, else it counts from 0
   * @param said told once what nobody can know
   */
  static Steps merging(
      Rules rules,
      Habit habit,
      NavigableMap<Long, Logged> kept,
      boolean told,
      Consumer<String> said) {
    if (habit.explicit()) {
      return new ByStep(rules, kept);
    }
    String axis = habit.axis();
    return axis == null
        ? new OneAfterAnother(rules, kept, told, said)
        : new ByAxis(rules, new Axis(axis), kept);
  }

  /** Takes the rows of a run, in the order of their steps. */
  interface Placed {
    /**
     * The life goes on: its first row comes next.
     *
     * @param last the newest row before it that is kept, or null
     * @param runtime what is added to the client's seconds
     */
    void goesOn(@Nullable Logged last, double runtime);

    /** A row of this life, where it belongs. */
    void own(Logged row);

    /** A row that a dead claim has kept. */
    void kept(Logged row);

    /** A row of this life, under the client's step, of which nobody knows yet where it belongs. */
    void held(Logged row);

    /** This row of the client is there already. */
    void leftOut(Logged row);
  }
}
