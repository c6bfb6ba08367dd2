package dev.sweeprunner.relay.rows;

import dev.sweeprunner.run.Logged;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Looks whether a life goes on where the one before it was killed. Guarded by its book. */
final class GapWatch {
  private final Habit habit;
  private final Consumer<String> said;
  private @Nullable Gap gap;

  /** Says what is missing, once it can be known. */
  GapWatch(Habit habit, Consumer<String> said) {
    this.habit = habit;
    this.said = said;
  }

  /** A life goes on behind this row; null for none. */
  void goesOn(@Nullable Logged last) {
    OptionalDouble place = last == null ? OptionalDouble.empty() : place(last);
    gap = place.isPresent() ? new Gap(place.getAsDouble()) : null;
  }

  /** The life has logged this row. */
  void row(Logged row) {
    Gap open = gap;
    if (open != null && open.open()) {
      place(row).ifPresent(place -> open.row(place).ifPresent(said));
    }
  }

  private OptionalDouble place(Logged row) {
    if (habit.explicit()) {
      return OptionalDouble.of(row.step());
    }
    String axis = habit.axis();
    return axis == null ? OptionalDouble.empty() : new Axis(axis).place(row);
  }
}
