package dev.sweeprunner.cli.results;

import dev.sweeprunner.cli.Axes;
import dev.sweeprunner.cli.HumanFormat;
import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.cli.status.Column;
import dev.sweeprunner.cli.status.Column.Kind;
import dev.sweeprunner.cli.status.ColumnFitter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The table for people: a row per point or per setting, then what is to be said of them. */
final class ResultsTable {
  private static final String GAP = "  ";
  private static final String PLUS_MINUS = "+-";

  /** Of more rows only the best are shown, unless all are asked for. */
  private static final int MOST_LISTED = 200;

  private static final int SHOWN = 40;

  private final Screen screen;
  private final boolean all;

  /**
   * A table on this screen.
   *
   * @param all whether every row is wanted, however many there are
   */
  ResultsTable(Screen screen, boolean all) {
    this.screen = screen;
    this.all = all;
  }

  void print(List<Results> sweeps) {
    String blank = "";
    for (Results results : sweeps) {
      screen.raw().print(blank);
      print(results);
      blank = "\n";
    }
  }

  private void print(Results results) {
    paragraph(results.points().sweep().path() + ": " + results.points().group());
    List<Setting> rows = rows(results);
    ColumnFitter fitted = new ColumnFitter(columns(results, rows), screen.columns());
    if (!fitted.constants().isEmpty()) {
      paragraph("Everywhere: " + String.join(", ", fitted.constants()));
    }
    if (!fitted.missing().isEmpty()) {
      String names = String.join(", ", fitted.missing());
      paragraph("Too narrow for " + names + "; --metric NAME chooses, --format csv has all");
    }
    lines(fitted.columns());
    if (rows.size() < results.settings().size()) {
      paragraph(
          "The "
              + rows.size()
              + (head(results).isPresent() ? " best by " + head(results).get() : " first")
              + " of "
              + results.settings().size()
              + "; --all and --format csv list each.");
    }
    screen.raw().println();
    new Remarks(results, PLUS_MINUS).all().forEach(this::paragraph);
  }

  private List<Setting> rows(Results results) {
    List<Setting> settings = results.settings();
    if (all || settings.size() <= MOST_LISTED) {
      return settings;
    }
    List<Setting> some = new ArrayList<>(settings);
    head(results).ifPresent(metric -> some.sort(order(results, metric)));
    return some.subList(0, SHOWN);
  }

  /** The better mean first; what has none last. */
  private static Comparator<Setting> order(Results results, String metric) {
    Comparator<Setting> missing = Comparator.comparing(s -> Double.isNaN(Results.mean(s, metric)));
    return missing.thenComparing(s -> Results.mean(s, metric), results.aim(metric).order());
  }

  private static Optional<String> head(Results results) {
    return results.metrics().stream().filter(m -> results.best(m).isPresent()).findFirst();
  }

  private static List<Column> columns(Results results, List<Setting> rows) {
    Map<String, String> names = Axes.all(results.points()).names();
    List<Column> columns = new ArrayList<>();
    if (!results.averages()) {
      columns.add(column(Kind.FIXED, "run", rows, row -> row.outcomes().get(0).runId()));
    }
    for (String key : Cells.keys(results)) {
      String name = names.getOrDefault(key, key);
      columns.add(column(Kind.KEY, name, rows, row -> Cells.key(row.overrides(), key)));
    }
    if (results.averages()) {
      columns.add(column(Kind.FIXED, "points", rows, Cells::points));
    } else if (!Cells.whole(results)) {
      columns.add(column(Kind.FIXED, "state", rows, row -> row.outcomes().get(0).state().shown()));
    }
    for (String metric : results.metrics()) {
      int best = results.marked(metric).orElse(-1);
      columns.add(
          column(
              Kind.NUMBER,
              metric,
              rows,
              row ->
                  (row.index() == best ? "*" : "")
                      + Cells.value(results, row, metric, PLUS_MINUS)));
    }
    return columns;
  }

  private static Column column(
      Kind kind, String name, List<Setting> rows, Function<Setting, String> cell) {
    return new Column(kind, name, rows.stream().map(cell).toList());
  }

  private void lines(List<Column> columns) {
    List<List<String>> cells = columns.stream().map(Column::padded).toList();
    for (int i = 0; !cells.isEmpty() && i < cells.get(0).size(); i++) {
      int line = i;
      String text = String.join(GAP, cells.stream().map(c -> c.get(line)).toList());
      screen.raw().println(text.stripTrailing());
    }
  }

  private void paragraph(String text) {
    String indent = "";
    for (String line : HumanFormat.wrap(text, screen.columns() - 2)) {
      screen.out().println(indent + line);
      indent = "  ";
    }
  }
}
