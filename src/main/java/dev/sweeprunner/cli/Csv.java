package dev.sweeprunner.cli;

import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Stream;

/**
 * Comma-separated values after RFC 4180 with plain line feeds, harmless where they are opened: a
 * text that a spreadsheet would take for a formula has an apostrophe before it, and what a terminal
 * would obey is spelled out.
 */
public final class Csv {
  private static final String FORMULA = "=+-@\t\uFF1D\uFF0B\uFF0D\uFF20";

  private Csv() {}

  /** The cells of one line, without its end. */
  public static String line(List<String> cells) {
    StringJoiner line = new StringJoiner(",");
    cells.forEach(cell -> line.add(cell(harmless(cell))));
    return line.toString();
  }

  private static String harmless(String cell) {
    String text =
        cell.chars().allMatch(c -> c >= ' ' && c < 0x7F)
            ? cell
            : String.join("\n", Stream.of(cell.split("\n", -1)).map(HumanFormat::plain).toList());
    String begun = text.stripLeading();
    boolean formula = !begun.isEmpty() && FORMULA.indexOf(begun.charAt(0)) >= 0;
    return formula && !number(text) ? "'" + text : text;
  }

  private static boolean number(String text) {
    try {
      Double.parseDouble(text);
      return true;
    } catch (NumberFormatException none) {
      return false;
    }
  }

  private static String cell(String cell) {
    boolean plain =
        cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
            && cell.equals(cell.strip());
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
