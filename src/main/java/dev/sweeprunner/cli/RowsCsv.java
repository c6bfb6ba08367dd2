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

/**
 * One line of names and a line per row, with the names of {@code status --format csv}: {@code
 * overrides.KEY}, {@code metrics.NAME}; a cell without a value is empty.
 *
 * <p>What has no name among those that were gathered before (a running point tells something for
 * the first time) has no column.
 */
final class RowsCsv implements RowsCommand.Sink {
  private final PrintWriter out;
  private final Names names;
  private final Map<String, Integer> metrics = new HashMap<>();
  private final Map<String, Integer> wall = new HashMap<>();
  private String[] cells = {};

  /** Writes the line of names. */
  RowsCsv(PrintWriter out, Names names) {
    this.out = out;
    this.names = names;
    List<String> head = new ArrayList<>(List.of("run_id"));
    names.overrides.forEach(key -> head.add("overrides." + key));
    head.add("iter");
    names.metrics.forEach(name -> metrics.put(name, add(head, "metrics." + name)));
    names.wall.forEach(name -> wall.put(name, add(head, "wall." + name)));
    out.append(Csv.line(head) + "\n");
  }

  private static int add(List<String> head, String name) {
    head.add(name);
    return head.size() - 1;
  }

  @Override
  public void begin(Point point) {
    List<String> start = new ArrayList<>(List.of(point.runId()));
    for (String key : names.overrides) {
      boolean has = point.overrides().containsKey(key);
      start.add(has ? Csv.line(List.of(HumanFormat.value(point.overrides().get(key)))) : "");
    }
    cells = start.toArray(new String[start.size() + 1 + metrics.size() + wall.size()]);
  }

  @Override
  public void row(RowText row) {
    int iter = 1 + names.overrides.size();
    Arrays.fill(cells, iter, cells.length, "");
    cells[iter] = Long.toString(row.step());
    fill(row.values(), metrics);
    fill(row.wall(), wall);
    out.append(String.join(",", cells)).append('\n');
  }

  private void fill(String members, Map<String, Integer> columns) {
    RowText.each(
        members,
        (name, value) -> {
          Integer column = columns.get(name);
          if (column != null) {
            cells[column] = value;
          }
        });
  }

  /** Gathers the names of all columns. */
  static final class Names implements RowsCommand.Sink {
    private final Set<String> overrides = new LinkedHashSet<>();
    private final Set<String> metrics = new LinkedHashSet<>();
    private final Set<String> wall = new LinkedHashSet<>();

    @Override
    public void begin(Point point) {
      overrides.addAll(point.overrides().keySet());
    }

    @Override
    public void row(RowText row) {
      RowText.each(row.values(), (name, value) -> metrics.add(name));
      RowText.each(row.wall(), (name, value) -> wall.add(name));
    }
  }
}
