package dev.sweeprunner.cli;

import java.util.List;
import java.util.StringJoiner;

/** Comma-separated values after RFC 4180 with plain line feeds. */
public final class Csv {
  private Csv() {}

  /** The cells of one line, without its end. */
  public static String line(List<String> cells) {
    StringJoiner line = new StringJoiner(",");
    cells.forEach(cell -> line.add(cell(cell)));
    return line.toString();
  }

  private static String cell(String cell) {
    boolean plain =
        cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
            && cell.equals(cell.strip());
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
