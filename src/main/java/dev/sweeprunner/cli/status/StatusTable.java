package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.HumanFormat;
import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.State;
import dev.sweeprunner.run.judge.Verdict;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The table for people: a row per point, then counts, rate and time left, then the reasons. */
final class StatusTable implements StatusView {
  private static final Set<State> QUIET = EnumSet.of(State.FINISHED, State.UNCLAIMED);
  private static final String GAP = "  ";

  /** Of more points groups are shown, unless each is asked for. */
  private static final int MOST_LISTED = 200;

  private static final int SWEEP_BAR = 40;

  private static final String NOT_LISTED = "status prints the table; a worker does with --table.";

  private final Screen screen;
  private final int mostRows;
  private final boolean orNone;
  private final Supplier<List<String>> below;
  private final Selection selection;

  /** A table of all points. */
  StatusTable(Screen screen) {
    this(screen, Integer.MAX_VALUE);
  }

  /**
   * A table that lists only what is neither finished nor unclaimed where there are more points than
   * {@code mostRows}.
   */
  StatusTable(Screen screen, int mostRows) {
    this(screen, mostRows, false, List::of, Selection.ALL);
  }

  private StatusTable(
      Screen screen,
      int mostRows,
      boolean orNone,
      Supplier<List<String>> below,
      Selection selection) {
    this.screen = screen;
    this.mostRows = mostRows;
    this.orNone = orNone;
    this.below = below;
    this.selection = selection;
  }

  /** A table that lists nothing where there are more points than {@code mostRows}. */
  static StatusTable orSummary(Screen screen, int mostRows) {
    return new StatusTable(screen, mostRows, true, List::of, Selection.ALL);
  }

  /** The same table with these sentences below it. */
  StatusTable below(Supplier<List<String>> sentences) {
    return new StatusTable(screen, mostRows, orNone, sentences, selection);
  }

  /** The same table of these points. */
  StatusTable of(Selection chosen) {
    return new StatusTable(screen, mostRows, orNone, below, chosen);
  }

  @Override
  public void print(List<SweepStatus> sweeps, PrintStream out) {
    String blank = "";
    for (SweepStatus sweep : sweeps) {
      out.print(blank);
      print(sweep, out);
      blank = "\n";
    }
    below.get().forEach(sentence -> paragraph(out, sentence));
    out.flush();
  }

  private void print(SweepStatus sweep, PrintStream out) {
    List<PointStatus> chosen = selection.of(sweep);
    boolean many = chosen.size() > MOST_LISTED || !selection.group().isEmpty();
    Groups groups =
        many && !orNone && !selection.all() ? Groups.of(sweep, chosen, selection) : Groups.NONE;
    boolean grouped = !groups.isEmpty();
    List<PointStatus> rows = grouped ? chosen : listed(chosen);
    ColumnFitter fitted =
        new ColumnFitter(
            grouped ? groups.columns() : PointColumns.of(sweep, rows), screen.columns());
    paragraph(out, sweep.points().sweep().path() + ": " + sweep.points().group());
    told(fitted, out);
    List<Column> columns = grouped ? fitted.columns() : withBeside(fitted.columns(), sweep, rows);
    lines(columns, grouped ? List.of() : rows, out);
    told(sweep, chosen, rows, grouped ? groups.sentence() : "", out);
    out.println();
    counts(sweep, out);
    ReasonList.of(sweep).forEach(reason -> paragraph(out, reason));
    Answered.byTracking(sweep.statuses()).ifPresent(answered -> paragraph(out, answered));
    Answered.bySlurm(sweep.statuses()).ifPresent(answered -> paragraph(out, answered));
    Attention.of(sweep).forEach(advice -> paragraph(out, advice.sentence()));
  }

  /** What stands above a table that is too narrow for something. */
  private void told(ColumnFitter fitted, PrintStream out) {
    if (!fitted.constants().isEmpty()) {
      paragraph(out, "Everywhere: " + String.join(", ", fitted.constants()));
    }
    if (!fitted.missing().isEmpty()) {
      String names = String.join(", ", fitted.missing());
      paragraph(out, "Too narrow for " + names + "; --format csv has every column");
    }
  }

  /** What stands below a table that has not each point. */
  private void told(
      SweepStatus sweep,
      List<PointStatus> chosen,
      List<PointStatus> rows,
      String groups,
      PrintStream out) {
    if (selection.chooses()) {
      paragraph(
          out, chosen.size() + " of " + sweep.statuses().size() + " points are as asked for.");
    }
    if (rows.size() < chosen.size()) {
      paragraph(out, orNone ? NOT_LISTED : "Finished and unclaimed points are not listed.");
    }
    if (!groups.isEmpty()) {
      paragraph(out, groups);
    }
  }

  private List<PointStatus> listed(List<PointStatus> chosen) {
    if (chosen.size() <= mostRows || selection.all()) {
      return chosen;
    }
    return chosen.stream()
        .filter(pointStatus -> !orNone && !QUIET.contains(pointStatus.verdict().state()))
        .toList();
  }

  /** With what a person may want to see too, as far as there is room. */
  private List<Column> withBeside(List<Column> fitted, SweepStatus sweep, List<PointStatus> rows) {
    List<Column> columns = new ArrayList<>(fitted);
    if (!screen.live()) {
      return columns;
    }
    for (PointColumns.Beside beside : PointColumns.beside(sweep, rows)) {
      int taken = columns.stream().mapToInt(column -> column.width() + GAP.length()).sum();
      List<String> names = columns.stream().map(Column::name).toList();
      int behind = names.indexOf(beside.behind());
      if (!beside.column().empty() && taken + beside.column().width() <= screen.columns()) {
        columns.add(behind < 0 ? columns.size() : behind + 1, beside.column());
      }
    }
    return columns;
  }

  private void lines(List<Column> columns, List<PointStatus> rows, PrintStream out) {
    List<List<String>> cells = columns.stream().map(c -> lines(c, rows)).toList();
    boolean any = columns.stream().anyMatch(column -> !column.cells().isEmpty());
    for (int i = 0; any && i < cells.get(0).size(); i++) {
      int line = i;
      String text = String.join(GAP, cells.stream().map(c -> c.get(line)).toList());
      out.println(text.stripTrailing());
    }
  }

  /** The lines of a column, its header first. */
  private List<String> lines(Column column, List<PointStatus> rows) {
    List<String> lines = new ArrayList<>(column.padded());
    for (int i = 0; screen.colours() && column.name().equals("state") && i < rows.size(); i++) {
      lines.set(i + 1, Paint.state(rows.get(i).verdict().state(), lines.get(i + 1)));
    }
    return lines;
  }

  private void counts(SweepStatus sweep, PrintStream out) {
    Map<State, Integer> counts = new EnumMap<>(State.class);
    sweep.statuses().forEach(s -> counts.merge(s.verdict().state(), 1, Integer::sum));
    List<String> parts = new ArrayList<>();
    counts.forEach((state, count) -> parts.add(count + " " + state.shown()));
    long doubled = sweep.statuses().stream().filter(s -> !sweep.first(s)).count();
    String doubles = doubled == 0 ? "" : "; " + doubled + " of them the same run as another";
    paragraph(
        out,
        HumanFormat.plural(sweep.statuses().size(), "point")
            + ": "
            + String.join(", ", parts)
            + doubles
            + pace(sweep));
    if (screen.live() && sweep.statuses().size() > 1) {
      double share = Groups.share(sweep.statuses());
      out.println(
          PointColumns.bar(share, SWEEP_BAR) + " " + Groups.percent(share) + " of the work");
    }
  }

  private static String pace(SweepStatus sweep) {
    if (sweep.statuses().stream().allMatch(s -> s.verdict() instanceof Verdict.Ended)) {
      return "";
    }
    double rate = sweep.tokensPerSecond();
    if (rate <= 0) {
      return ". Nobody reports a rate now";
    }
    return ". "
        + HumanFormat.count(rate)
        + " "
        + sweep.points().workUnit()
        + "/s"
        + Forecast.of(sweep).map(forecast -> ", " + forecast.words()).orElse("");
  }

  private void paragraph(PrintStream out, String text) {
    String indent = "";
    for (String line : HumanFormat.wrap(text, screen.columns() - 2)) {
      out.println(indent + line);
      indent = "  ";
    }
  }
}
