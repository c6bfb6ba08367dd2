package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.status.Column.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Makes columns fit a width, taking away what is missed least first: what is the same in every row
 * (told above the table instead), what is empty, long headers, the wide words of Slurm, long
 * values, at last whole columns: places and the time left, then keys, then what was measured.
 */
public final class ColumnFitter {
  private static final int GAP = 2;
  private static final int SHORTEST_HEADER = 6;
  private static final int LONGEST_NUMBER_HEADER = 8;
  private static final int[] CELL_WIDTHS = {14, 10, 6};

  private final int width;
  private final List<Column> columns;
  private final List<String> constants = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  /** Fits {@code columns}. */
  public ColumnFitter(List<Column> columns, int width) {
    this.columns = new ArrayList<>(columns);
    this.width = width;
    tellConstants(Kind.KEY);
    dropEmpty();
    tellConstants(Kind.PLACE);
    shortenHeaders();
    drop("slurm");
    shortenCells();
    drop("cluster");
    drop("job");
    drop("eta");
    dropLast(Kind.KEY);
    dropLast(Kind.NUMBER);
  }

  /** What is shown. */
  public List<Column> columns() {
    return columns;
  }

  /** {@code name=value} of columns that were the same in every row and are not shown. */
  public List<String> constants() {
    return constants;
  }

  /** Names of columns that found no room. */
  public List<String> missing() {
    return missing;
  }

  private boolean fits() {
    return columns.stream().mapToInt(Column::width).sum() + GAP * (columns.size() - 1) <= width;
  }

  private void tellConstants(Kind kind) {
    while (!fits()) {
      Optional<Column> column = find(c -> c.kind() == kind && c.constant().isPresent());
      if (column.isEmpty()) {
        return;
      }
      columns.remove(column.get());
      constants.add(column.get().name() + "=" + column.get().constant().orElseThrow());
    }
  }

  private void dropEmpty() {
    while (!fits()) {
      Optional<Column> column =
          find(c -> (c.kind() == Kind.PLACE || c.kind() == Kind.NUMBER) && c.empty());
      if (column.isEmpty()) {
        return;
      }
      columns.remove(column.get());
    }
  }

  private void shortenHeaders() {
    while (!fits()) {
      Optional<Column> longest =
          columns.stream()
              .filter(c -> c.kind() == Kind.KEY || longNumber(c))
              .filter(c -> c.header().length() > Math.max(SHORTEST_HEADER, c.cellWidth()))
              .max(Comparator.comparingInt(c -> c.header().length() - c.cellWidth()));
      if (longest.isEmpty()) {
        return;
      }
      Column column = longest.get();
      int shorter = Math.max(Math.max(SHORTEST_HEADER, column.cellWidth()), column.width() - 4);
      columns.set(columns.indexOf(column), column.cutHeader(shorter));
    }
  }

  private void shortenCells() {
    for (int cells : CELL_WIDTHS) {
      for (int i = 0; i < columns.size() && !fits(); i++) {
        if (columns.get(i).kind() == Kind.KEY && columns.get(i).width() > cells) {
          columns.set(i, columns.get(i).cut(cells));
        }
      }
    }
  }

  private void drop(String name) {
    if (!fits() && columns.removeIf(c -> c.name().equals(name))) {
      missing.add(name);
    }
  }

  private void dropLast(Kind kind) {
    while (!fits()) {
      Optional<Column> last = find(c -> c.kind() == kind);
      if (last.isEmpty()) {
        return;
      }
      columns.remove(last.get());
      missing.add(last.get().name());
    }
  }

  private static boolean longNumber(Column column) {
    return column.kind() == Kind.NUMBER && column.header().length() > LONGEST_NUMBER_HEADER;
  }

  /** The last column of its kind. */
  private Optional<Column> find(Predicate<Column> wanted) {
    return columns.stream().filter(wanted).reduce((first, second) -> second);
  }
}
