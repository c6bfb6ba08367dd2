package dev.sweeprunner.program.evidence;

import dev.sweeprunner.run.Row;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One row per step, with growing steps: log calls of one step are one row, in which the later value
 * wins. A row is given once a later step has come, or at a {@link #flush}.
 *
 * <p>What comes for a step that is before the base of the resume, or that was given already, is
 * left out, counted and said once. Belongs to one thread.
 */
public final class RowMerger {
  private final Consumer<String> notes;
  private long least;
  private long leftOut;
  private @Nullable Row open;

  /**
   * Rows from this step on.
   *
   * @param base the iteration that the run continues from
   * @param notes told once that rows are left out
   */
  public RowMerger(long base, Consumer<String> notes) {
    this.least = base;
    this.notes = notes;
  }

  /** Takes a row; gives the one that this completes, if it does. */
  public List<Row> add(Row row) {
    Row current = open;
    if (row.step() < (current == null ? least : current.step())) {
      leaveOut(row);
      return List.of();
    }
    if (current == null) {
      open = row;
      return List.of();
    }
    if (row.step() == current.step()) {
      open = current.and(row);
      return List.of();
    }
    open = row;
    return List.of(current);
  }

  /** The row that is open, if there is one: nothing can be added to it after that. */
  public List<Row> flush() {
    Row current = open;
    open = null;
    if (current == null) {
      return List.of();
    }
    least = current.step() + 1;
    return List.of(current);
  }

  /** The row that may still grow. */
  public Optional<Row> open() {
    return Optional.ofNullable(open);
  }

  /** How many rows were left out. */
  public long leftOut() {
    return leftOut;
  }

  private void leaveOut(Row row) {
    leftOut++;
    if (leftOut == 1) {
      notes.accept(
          "A row of step "
              + row.step()
              + " is left out, and each further one like it: rows before step "
              + (open == null ? least : open.step())
              + " are there already");
    }
  }
}
