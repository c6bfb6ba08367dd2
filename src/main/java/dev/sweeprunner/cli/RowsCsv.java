package dev.sweeprunner.cli;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.run.RowText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One line of names and a line per row, with the names of {@code status --format csv}: {@code
 * overrides.KEY}, {@code metrics.NAME}; a cell without a value is empty.
 *
 * <p>The names must be {@link #learn learned} first. What has come since (a running point tells
 * something for the first time) has no column.
 */
final class RowsCsv implements RowsCommand.Sink {
  private final PrintWriter out;
  private final Set<String> overrides = new LinkedHashSet<>();
  private final Set<String> metrics = new LinkedHashSet<>();
  private final Set<String> wall = new LinkedHashSet<>();
  private final Map<String, Integer> metricColumn = new HashMap<>();
  private final Map<String, Integer> wallColumn = new HashMap<>();
  private @Nullable Point of;
  private List<String> start = List.of();

  RowsCsv(PrintWriter out) {
    this.out = out;
  }

  void learn(Point point, RowText row) {
    if (of != point) {
      of = point;
      overrides.addAll(point.overrides().keySet());
    }
    RowText.each(row.values(), (name, value) -> metrics.add(name));
    RowText.each(row.wall(), (name, value) -> wall.add(name));
  }

  void head() {
    List<String> names = new ArrayList<>(List.of("run_id"));
    overrides.forEach(key -> names.add("overrides." + key));
    names.add("iter");
    metrics.forEach(name -> metricColumn.put(name, add(names, "metrics." + name)));
    wall.forEach(name -> wallColumn.put(name, add(names, "wall." + name)));
    out.append(Csv.line(names) + "\n");
  }

  private static int add(List<String> names, String name) {
    names.add(name);
    return names.size() - 1;
  }

  @Override
  public void row(Point point, RowText row) {
    if (of != point) {
      of = point;
      start = start(point);
    }
    String[] cells = new String[start.size() + 1 + metrics.size() + wall.size()];
    Arrays.fill(cells, "");
    for (int i = 0; i < start.size(); i++) {
      cells[i] = start.get(i);
    }
    cells[start.size()] = Long.toString(row.step());
    fill(cells, row.values(), metricColumn);
    fill(cells, row.wall(), wallColumn);
    out.append(String.join(",", cells)).append('\n');
  }

  private static void fill(String[] cells, String members, Map<String, Integer> columns) {
    RowText.each(
        members,
        (name, value) -> {
          Integer column = columns.get(name);
          if (column != null) {
            cells[column] = value;
          }
        });
  }

  /** The first cells of a point's lines, quoted where they need it. */
  private List<String> start(Point point) {
    List<String> cells = new ArrayList<>(List.of(point.runId()));
    for (String key : overrides) {
      boolean has = point.overrides().containsKey(key);
      cells.add(has ? Csv.line(List.of(HumanFormat.value(point.overrides().get(key)))) : "");
    }
    return cells;
  }
}
