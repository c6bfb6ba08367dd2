package dev.sweeprunner.slurm;

import dev.sweeprunner.slurm.Squeue.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code squeue}'s answer: columns of fixed width, which all versions print alike, below a heading.
 * Read strictly: one that is cut, empty or otherwise odd is no answer.
 *
 * <p>A column that a Slurm does not know it leaves out with a word on its error output and exit
 * code 0 (22.05 to 26.05), so which of the {@link #MORE} are there is read from the heading.
 */
final class SqueueTable {
  /** What every question asks for. Only the last one may be cut. */
  static final List<Column> ALWAYS =
      List.of(
          new Column("ArrayJobID", "ARRAY_JOB_ID", 24),
          new Column("ArrayTaskID", "ARRAY_TASK_ID", 24),
          new Column("JobID", "JOBID", 24),
          new Column("State", "STATE", 24),
          new Column("RestartCnt", "RESTART_COUNT", 16),
          new Column("TimeLeft", "TIME_LEFT", 24),
          new Column("TimeUsed", "TIME", 24),
          new Column("Reason", "REASON", 96));

  /** What some ask for besides. */
  static final List<Column> MORE =
      List.of(
          new Column("exit_code", "EXIT_CODE", 16),
          new Column("Partition", "PARTITION", 64),
          new Column("Name", "NAME", 128));

  private static final int WIDTH = ALWAYS.stream().mapToInt(Column::width).sum();

  /** Where each column begins. */
  private final Map<String, Integer> begins = new HashMap<>();

  private SqueueTable() {}

  /** Reads a whole answer. */
  static Answer read(String text) {
    if (!text.endsWith("\n")) {
      return new Answer.Unknown("squeue's answer is cut or empty");
    }
    List<String> lines = text.lines().toList();
    SqueueTable table = new SqueueTable();
    if (!table.headed(lines.get(0))) {
      return new Answer.Unknown("squeue's answer is cut or empty");
    }
    List<JobRow> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      JobRow row = table.row(line);
      if (row == null) {
        return new Answer.Unknown("squeue's answer cannot be read: " + line.strip());
      }
      rows.add(row);
    }
    return Answer.Jobs.of(rows, text);
  }

  private boolean headed(String heading) {
    int from = 0;
    for (Column column : ALWAYS) {
      if (!column.heading().equals(cell(heading, from, column.width()))) {
        return false;
      }
      begins.put(column.name(), from);
      from += column.width();
    }
    for (int at = WIDTH; at < heading.length(); ) {
      Column next = more(heading, at);
      if (next == null) {
        return false;
      }
      begins.put(next.name(), at);
      at += next.width();
    }
    return true;
  }

  private static @Nullable Column more(String heading, int from) {
    return MORE.stream()
        .filter(column -> column.heading().equals(cell(heading, from, column.width())))
        .findFirst()
        .orElse(null);
  }

  private @Nullable JobRow row(String line) {
    Map<String, String> cells = new HashMap<>();
    for (List<Column> columns : List.of(ALWAYS, MORE)) {
      for (Column column : columns) {
        Integer from = begins.get(column.name());
        if (from != null && line.length() <= from) {
          return null;
        }
        cells.put(column.name(), from == null ? "" : cell(line, from, column.width()));
      }
    }
    return whole(cells) ? row(cells) : null;
  }

  private static boolean whole(Map<String, String> cells) {
    return of(cells, "ArrayJobID").matches("[0-9]+")
        && of(cells, "ArrayTaskID").matches("[0-9]+|N/A")
        && of(cells, "JobID").matches("[0-9]+")
        && of(cells, "State").matches("[A-Z_]+")
        && of(cells, "RestartCnt").matches("[0-9]{1,9}")
        && SlurmTime.parse(of(cells, "TimeUsed")) != null;
  }

  private static JobRow row(Map<String, String> cells) {
    String task = of(cells, "ArrayTaskID");
    String left = of(cells, "TimeLeft");
    String reason = of(cells, "Reason");
    Duration used = SlurmTime.parse(of(cells, "TimeUsed"));
    return new JobRow(
        of(cells, "ArrayJobID"),
        task.equals("N/A") ? null : task,
        of(cells, "JobID"),
        of(cells, "State"),
        Integer.parseInt(of(cells, "RestartCnt")),
        left.equals("INVALID") ? Duration.ZERO : SlurmTime.parse(left),
        used == null ? Duration.ZERO : used,
        reason.equals("None") ? "" : reason,
        of(cells, "Partition"),
        of(cells, "Name"),
        exit(of(cells, "exit_code")));
  }

  /** {@code CODE:SIGNAL}; up to 22.05 squeue prints the one number that wait(2) gives. */
  private static String exit(String cell) {
    if (!cell.matches("[0-9]{1,9}")) {
      return cell;
    }
    int status = Integer.parseInt(cell);
    return (status >> 8) + ":" + (status & 0x7f);
  }

  private static String of(Map<String, String> cells, String name) {
    return cells.getOrDefault(name, "");
  }

  private static String cell(String line, int from, int width) {
    return from >= line.length()
        ? ""
        : line.substring(from, Math.min(line.length(), from + width)).strip();
  }

  /**
   * A column.
   *
   * @param name as {@code --Format} takes it
   * @param heading above it
   * @param width in characters
   */
  record Column(String name, String heading, int width) {
    String format() {
      return name + ":" + width;
    }

    /** How many blanks stand behind the heading. */
    int blank() {
      return width - heading.length();
    }
  }
}
