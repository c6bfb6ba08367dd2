package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.Csv;
import dev.sweeprunner.cli.HumanFormat;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Comma-separated values after RFC 4180 with plain line feeds: one line of names, one line per grid
 * point. Overrides stand in columns {@code overrides.KEY}, metrics in {@code metrics.NAME}; a cell
 * without a value is empty.
 */
final class StatusCsv implements StatusView {
  private final Selection selection;

  /** Of every point. */
  StatusCsv() {
    this(Selection.ALL);
  }

  /** Of the points that are chosen. */
  StatusCsv(Selection selection) {
    this.selection = selection;
  }

  @Override
  public void print(List<SweepStatus> sweeps, PrintStream out) {
    List<StatusRow> entries = new ArrayList<>();
    for (SweepStatus sweep : sweeps) {
      selection.of(sweep).forEach(pointStatus -> entries.add(new StatusRow(sweep, pointStatus)));
    }
    List<CsvColumn> columns = new ArrayList<>();
    StatusRow.FIELDS.forEach(field -> columns.addAll(columns(field, entries)));
    line(out, columns.stream().map(CsvColumn::name).toList());
    entries.forEach(row -> line(out, columns.stream().map(c -> c.cell.apply(row)).toList()));
    out.flush();
  }

  /** One, or one for each name that the field's map has anywhere. */
  private static List<CsvColumn> columns(StatusRow.Field field, List<StatusRow> entries) {
    if (entries.isEmpty() || !(field.of(entries.get(0)) instanceof Map)) {
      return List.of(new CsvColumn(field.name(), row -> text(field.of(row))));
    }
    Set<String> keys = new LinkedHashSet<>();
    for (StatusRow row : entries) {
      if (field.of(row) instanceof Map<?, ?> map) {
        map.keySet().forEach(key -> keys.add((String) key));
      }
    }
    return keys.stream()
        .map(key -> new CsvColumn(field.name() + "." + key, row -> text(field, row, key)))
        .toList();
  }

  private static String text(StatusRow.Field field, StatusRow row, String key) {
    if (!(field.of(row) instanceof Map<?, ?> map) || !map.containsKey(key)) {
      return "";
    }
    return field.name().equals(StatusRow.OVERRIDES)
        ? HumanFormat.value(map.get(key))
        : text(map.get(key));
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  private static void line(PrintStream out, List<String> cells) {
    out.print(Csv.line(cells));
    out.print('\n');
  }

  /** A column with its name and what stands there of each point. */
  private record CsvColumn(String name, Function<StatusRow, String> cell) {}
}
