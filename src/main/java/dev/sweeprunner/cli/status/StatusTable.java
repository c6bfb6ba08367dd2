package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.Axes;
import dev.sweeprunner.cli.HeadMetric;
import dev.sweeprunner.cli.HumanFormat;
import dev.sweeprunner.cli.Progress;
import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.cli.status.Column.Kind;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.State;
import dev.sweeprunner.run.judge.Verdict;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The table for people: a row per point, then counts, rate and time left, then the reasons. */
final class StatusTable implements StatusView {
  /** Evaluations on translation rows only: what a sweep over uniform data is about. */
  private static final String TRANSLATION_LOSS = "val/translation_loss";

  private static final List<String> LOSSES = List.of("train/loss", "eval/train_loss");
  private static final Set<State> QUIET = EnumSet.of(State.FINISHED, State.UNCLAIMED);
  private static final String GAP = "  ";
  private static final String NOT_LISTED = "status prints the table; a worker does with --table.";

  private final Screen screen;
  private final int mostRows;
  private final boolean orNone;
  private final Supplier<List<String>> below;

  /** A table of all points. */
  StatusTable(Screen screen) {
    this(screen, Integer.MAX_VALUE);
  }

  /**
   * A table that lists only what is neither finished nor unclaimed where there are more points than
   * {@code mostRows}.
   */
  StatusTable(Screen screen, int mostRows) {
    this(screen, mostRows, false, List::of);
  }

  private StatusTable(Screen screen, int mostRows, boolean orNone, Supplier<List<String>> below) {
    this.screen = screen;
    this.mostRows = mostRows;
    this.orNone = orNone;
    this.below = below;
  }

  /** A table that lists nothing where there are more points than {@code mostRows}. */
  static StatusTable orSummary(Screen screen, int mostRows) {
    return new StatusTable(screen, mostRows, true, List::of);
  }

  /** The same table with these sentences below it. */
  StatusTable below(Supplier<List<String>> sentences) {
    return new StatusTable(screen, mostRows, orNone, sentences);
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
    List<PointStatus> rows = listed(sweep);
    ColumnFitter columnFitter = new ColumnFitter(columns(sweep, rows), screen.columns());
    paragraph(out, sweep.points().sweep().path() + ": " + sweep.points().group());
    if (!columnFitter.constants().isEmpty()) {
      paragraph(out, "Everywhere: " + String.join(", ", columnFitter.constants()));
    }
    if (!columnFitter.missing().isEmpty()) {
      paragraph(
          out,
          "Too narrow for "
              + String.join(", ", columnFitter.missing())
              + "; --format csv has every column");
    }
    List<List<String>> columns = columnFitter.columns().stream().map(c -> lines(c, rows)).toList();
    for (int i = 0; i <= rows.size() && !rows.isEmpty(); i++) {
      int line = i;
      String text = String.join(GAP, columns.stream().map(c -> c.get(line)).toList());
      out.println(text.stripTrailing());
    }
    if (rows.size() < sweep.statuses().size()) {
      paragraph(out, orNone ? NOT_LISTED : "Finished and unclaimed points are not listed.");
    }
    out.println();
    counts(sweep, out);
    ReasonList.of(sweep).forEach(reason -> paragraph(out, reason));
    Answered.byTracking(sweep.statuses()).ifPresent(answered -> paragraph(out, answered));
    Answered.bySlurm(sweep.statuses()).ifPresent(answered -> paragraph(out, answered));
  }

  private List<PointStatus> listed(SweepStatus sweep) {
    if (sweep.statuses().size() <= mostRows) {
      return sweep.statuses();
    }
    return sweep.statuses().stream()
        .filter(pointStatus -> !orNone && !QUIET.contains(pointStatus.verdict().state()))
        .toList();
  }

  private static List<Column> columns(SweepStatus sweep, List<PointStatus> rows) {
    List<Column> columns = new ArrayList<>();
    columns.add(column(Kind.FIXED, "run", rows, s -> s.point().runId()));
    Axes.all(sweep.points())
        .names()
        .forEach(
            (key, name) ->
                columns.add(
                    column(
                        Kind.KEY,
                        name,
                        rows,
                        s -> HumanFormat.value(s.point().overrides().get(key)))));
    columns.add(column(Kind.PLACE, "cluster", rows, s -> new StatusRow(sweep, s).cluster()));
    columns.add(column(Kind.PLACE, "job", rows, s -> new StatusRow(sweep, s).slurmJob()));
    Column slurm = column(Kind.PLACE, "slurm", rows, s -> new StatusRow(sweep, s).slurmBrief());
    if (!slurm.empty()) {
      columns.add(slurm);
    }
    columns.add(column(Kind.FIXED, "state", rows, s -> s.verdict().state().shown()));
    columns.add(column(Kind.NUMBER, "progress", rows, StatusTable::progress));
    columns.add(newest(sweep, rows));
    List<String> translation = List.of(TRANSLATION_LOSS);
    if (rows.stream().anyMatch(s -> metric(s, translation) != null)) {
      columns.add(column(Kind.NUMBER, "translation_loss", rows, s -> metric(s, translation)));
    }
    if (rows.stream().anyMatch(s -> !(s.verdict() instanceof Verdict.Ended))) {
      columns.add(column(Kind.NUMBER, "eta", rows, s -> eta(sweep, s)));
    }
    return columns;
  }

  /** The newest loss; of a program without one, another metric. */
  private static Column newest(SweepStatus sweep, List<PointStatus> rows) {
    boolean known = rows.stream().anyMatch(s -> metric(s, LOSSES) != null);
    Set<String> names = new LinkedHashSet<>();
    rows.forEach(row -> names.addAll(row.metrics().keySet()));
    Optional<String> head = HeadMetric.of(names, sweep.points().aim());
    if (known || head.isEmpty()) {
      return column(Kind.NUMBER, "loss", rows, s -> metric(s, LOSSES));
    }
    return column(Kind.NUMBER, head.get(), rows, s -> metric(s, List.of(head.get())));
  }

  private static Column column(
      Kind kind,
      String header,
      List<PointStatus> rows,
      Function<PointStatus, @Nullable String> cell) {
    List<String> cells = new ArrayList<>(rows.size());
    for (PointStatus row : rows) {
      String text = cell.apply(row);
      cells.add(text == null || text.isEmpty() ? Column.NOTHING : text);
    }
    return new Column(kind, header, cells);
  }

  /** {@code 120/400}, or per cent where the numbers are long. */
  private static @Nullable String progress(PointStatus pointStatus) {
    State state = pointStatus.verdict().state();
    boolean begun = pointStatus.iter() > 0 || pointStatus.end().isPresent();
    if (state == State.INVALID || !begun) {
      return null;
    }
    return Progress.share(pointStatus.iter(), pointStatus.maxIters());
  }

  private static @Nullable String metric(PointStatus pointStatus, List<String> names) {
    Map<String, Double> metrics = pointStatus.metrics();
    return names.stream()
        .map(metrics::get)
        .filter(Objects::nonNull)
        .findFirst()
        .map(HumanFormat::metric)
        .orElse(null);
  }

  private static @Nullable String eta(SweepStatus sweep, PointStatus pointStatus) {
    Duration left = sweep.left(pointStatus);
    return left == null ? null : HumanFormat.time(left);
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
  }

  private static String pace(SweepStatus sweep) {
    if (sweep.statuses().stream().allMatch(s -> s.verdict() instanceof Verdict.Ended)) {
      return "";
    }
    double rate = sweep.tokensPerSecond();
    if (rate <= 0) {
      return ". Nobody reports a rate now";
    }
    Duration left = sweep.left();
    return ". "
        + HumanFormat.count(rate)
        + " "
        + sweep.points().workUnit()
        + "/s"
        + (left == null ? "" : ", about " + HumanFormat.time(left) + " left");
  }

  private void paragraph(PrintStream out, String text) {
    String indent = "";
    for (String line : HumanFormat.wrap(text, screen.columns() - 2)) {
      out.println(indent + line);
      indent = "  ";
    }
  }
}
