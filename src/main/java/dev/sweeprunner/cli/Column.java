package dev.sweeprunner.cli;

import java.util.List;

/**
 * One column of a table, as text.
 *
 * @param kind what may be done to it where the screen is narrow
 * @param header its name
 * @param cells its cells; {@link #NOTHING} where there is no value
 */
record Column(Kind kind, String header, List<String> cells) {
  /** A cell without a value. */
  static final String NOTHING = "-";

  /** Copies the list. */
  Column {
    cells = List.copyOf(cells);
  }

  int width() {
    return Math.max(header.length(), cellWidth());
  }

  int cellWidth() {
    return cells.stream().mapToInt(String::length).max().orElse(0);
  }

  /** Whether no cell has a value. */
  boolean empty() {
    return cells.stream().allMatch(NOTHING::equals);
  }

  /** Whether there are several rows and all say the same. */
  boolean constant() {
    return cells.size() > 1 && cells.stream().distinct().count() == 1;
  }

  /** The column with nothing longer than {@code width}. */
  Column cut(int width) {
    return new Column(
        kind, Words.cut(header, width), cells.stream().map(c -> Words.cut(c, width)).toList());
  }

  /** The column with a header of at most {@code width}. */
  Column cutHeader(int width) {
    return new Column(kind, Words.cut(header, width), cells);
  }

  /** The cell, or the header for row -1, as wide as the column. */
  String padded(int row) {
    String text = row < 0 ? header : cells.get(row);
    String blanks = " ".repeat(width() - text.length());
    return kind == Kind.NUMBER ? blanks + text : text + blanks;
  }

  /** What a column is to the table. */
  enum Kind {
    /** Never left out. */
    FIXED,
    /** A swept key. */
    KEY,
    /** A measured number, right-aligned; left out where it is empty. */
    NUMBER,
    /** Left out where it is empty or the same everywhere. */
    PLACE
  }
}
