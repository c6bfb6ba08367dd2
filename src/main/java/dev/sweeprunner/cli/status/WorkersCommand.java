package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.Csv;
import dev.sweeprunner.cli.HumanFormat;
import dev.sweeprunner.cli.LookedAt;
import dev.sweeprunner.cli.Screen;
import dev.sweeprunner.cli.status.Column.Kind;
import dev.sweeprunner.cli.status.WorkerRow.Life;
import dev.sweeprunner.options.OutputFormat;
import dev.sweeprunner.run.judge.ExitCode;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** {@code workers}: who works in a storage root. Changes nothing and asks no server. */
public final class WorkersCommand {
  /** Who is gone for longer is only counted, unless all are asked for. */
  private static final Duration LONG_GONE = Duration.ofDays(1);

  private static final String GAP = "  ";

  private final Roll roll;
  private final LookedAt root;
  private final Screen screen;

  /** The workers that answer this roll. */
  public WorkersCommand(Roll roll, LookedAt root, Screen screen) {
    this.roll = roll;
    this.root = root;
    this.screen = screen;
  }

  /**
   * Prints once.
   *
   * @param all whether those who are gone for long are listed too; JSON and CSV always have them
   * @return {@link ExitCode#DONE}, whatever the answer is
   */
  public ExitCode run(OutputFormat format, boolean all) {
    List<WorkerRow> workers = roll.call();
    switch (format) {
      case JSON, JSONL -> json(workers, screen.raw());
      case CSV -> csv(workers, screen.raw());
      case TABLE, MD -> table(workers, all);
    }
    screen.raw().flush();
    return ExitCode.DONE;
  }

  private static void json(List<WorkerRow> workers, PrintStream out) {
    try (JsonGenerator json = HarmlessJson.on(out)) {
      json.writeStartArray();
      for (WorkerRow worker : workers) {
        json.writeRaw('\n');
        json.writeStartObject();
        WorkerRow.FIELDS.forEach(f -> HarmlessJson.property(json, f.name(), f.of(worker)));
        json.writeEndObject();
      }
      json.writeRaw('\n');
      json.writeEndArray();
    }
    out.println();
  }

  private static void csv(List<WorkerRow> workers, PrintStream out) {
    out.print(Csv.line(WorkerRow.FIELDS.stream().map(WorkerRow.Field::name).toList()) + "\n");
    for (WorkerRow worker : workers) {
      List<String> cells =
          WorkerRow.FIELDS.stream().map(f -> Objects.toString(f.of(worker), "")).toList();
      out.print(Csv.line(cells) + "\n");
    }
  }

  private void table(List<WorkerRow> workers, boolean all) {
    List<WorkerRow> rows =
        workers.stream()
            .filter(w -> all || w.life() != Life.GONE || w.heard().compareTo(LONG_GONE) <= 0)
            .toList();
    ColumnFitter fitter = new ColumnFitter(columns(rows), screen.columns());
    if (!fitter.constants().isEmpty()) {
      paragraph("Everywhere: " + String.join(", ", fitter.constants()));
    }
    List<List<String>> cells =
        fitter.columns().stream().map(column -> lines(column, rows)).toList();
    for (int i = 0; !rows.isEmpty() && i <= rows.size(); i++) {
      int line = i;
      String text = String.join(GAP, cells.stream().map(c -> c.get(line)).toList());
      screen.raw().println(text.stripTrailing());
    }
    screen.raw().print(rows.isEmpty() ? "" : "\n");
    told(workers, workers.size() - rows.size());
    root.tell(screen);
  }

  private void told(List<WorkerRow> workers, int hidden) {
    Map<Life, Long> counts =
        workers.stream()
            .collect(Collectors.groupingBy(WorkerRow::life, TreeMap::new, Collectors.counting()));
    String parts =
        counts.entrySet().stream()
            .map(count -> count.getValue() + " " + count.getKey().word())
            .collect(Collectors.joining(", "));
    paragraph(
        HumanFormat.plural(workers.size(), "worker")
            + (parts.isEmpty() ? "" : ": " + parts)
            + (hidden == 0
                ? ""
                : "; " + hidden + " of them for more than a day: --all lists them"));
    workers.stream()
        .filter(worker -> worker.life() == Life.SILENT && worker.report().runId() != null)
        .map(
            worker ->
                "Attention: "
                    + worker.report().owner().worker()
                    + " is silent, "
                    + worker.how()
                    + "; all about its run: ./sweep-runner explain "
                    + worker.report().runId())
        .forEach(this::paragraph);
  }

  private static List<Column> columns(List<WorkerRow> rows) {
    List<Column> columns = new ArrayList<>();
    columns.add(column(Kind.FIXED, "worker", rows, row -> row.report().owner().worker()));
    columns.add(column(Kind.FIXED, "life", rows, row -> row.life().word()));
    columns.add(column(Kind.FIXED, "does", rows, WorkersCommand::does));
    columns.add(column(Kind.NUMBER, "for", rows, row -> time(row.since())));
    columns.add(column(Kind.NUMBER, "rate", rows, WorkersCommand::rate));
    columns.add(column(Kind.KEY, "host", rows, row -> row.report().owner().host()));
    columns.add(column(Kind.KEY, "device", rows, row -> row.report().owner().device()));
    columns.add(column(Kind.PLACE, "job", rows, WorkerRow::job));
    columns.add(column(Kind.PLACE, "port", rows, WorkersCommand::port));
    columns.add(column(Kind.FIXED, "heard", rows, row -> HumanFormat.ago(row.heard())));
    return columns;
  }

  private static String does(WorkerRow row) {
    String run = row.report().runId();
    return row.report().activity() + (run == null ? "" : " " + run);
  }

  private static @Nullable String time(@Nullable Duration time) {
    return time == null ? null : HumanFormat.time(time);
  }

  private static @Nullable String rate(WorkerRow row) {
    Double rate = row.rate();
    return rate == null ? null : HumanFormat.count(rate) + "/s";
  }

  private static @Nullable String port(WorkerRow row) {
    boolean served = row.life() != Life.GONE && row.report().port() > 0;
    return served ? Integer.toString(row.report().port()) : null;
  }

  private static Column column(
      Kind kind, String name, List<WorkerRow> rows, Function<WorkerRow, @Nullable String> cell) {
    return new Column(
        kind,
        name,
        rows.stream()
            .map(cell)
            .map(text -> text == null || text.isEmpty() ? Column.NOTHING : text)
            .toList());
  }

  private List<String> lines(Column column, List<WorkerRow> rows) {
    List<String> lines = new ArrayList<>(column.padded());
    for (int i = 0; screen.colours() && column.name().equals("life") && i < rows.size(); i++) {
      lines.set(i + 1, Paint.life(rows.get(i).life(), lines.get(i + 1)));
    }
    return lines;
  }

  private void paragraph(String text) {
    String indent = "";
    for (String line : HumanFormat.wrap(text, screen.columns() - 2)) {
      screen.out().println(indent + line);
      indent = "  ";
    }
  }
}
