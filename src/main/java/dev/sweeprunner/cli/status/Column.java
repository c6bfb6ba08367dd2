package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.HumanFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One column of a table, as text.
 *
 * @param kind what may be done to it where the screen is narrow
 * @param name its name
 * @param header what stands above it: the name, or what of it there is room for
 * @param cells its cells; {@link #NOTHING} where there is no value
 */
public record Column(Kind kind, String name, String header, List<String> cells) {
  /** A cell without a value. */
  static final String NOTHING = "-";

  /** Copies the list; nothing in it that a terminal obeys. */
  public Column {
    name = HumanFormat.plain(name);
    header = HumanFormat.plain(header);
    cells = cells.stream().map(HumanFormat::plain).toList();
  }

  /** A column under its full name. */
  public Column(Kind kind, String name, List<String> cells) {
    this(kind, name, name, cells);
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

  /**
   * The one value that says all where there are several rows: in every row of a key, in every row
   * that has any of a place.
   */
  Optional<String> constant() {
    List<String> values =
        cells.stream()
            .filter(cell -> kind != Kind.PLACE || !cell.equals(NOTHING))
            .distinct()
            .toList();
    return cells.size() > 1 && values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
  }

  /** The column with nothing longer than {@code width}. */
  Column cut(int width) {
    return new Column(
        kind,
        name,
        HumanFormat.cut(header, width),
        cells.stream().map(c -> HumanFormat.cut(c, width)).toList());
  }

  /** The column with a header of at most {@code width}. */
  Column cutHeader(int width) {
    return new Column(kind, name, HumanFormat.cut(header, width), cells);
  }

  /** The header and the cells, each as wide as the column. */
  public List<String> padded() {
    int width = width();
    return Stream.concat(Stream.of(header), cells.stream())
        .map(
            text -> {
              String blanks = " ".repeat(width - text.length());
              return kind == Kind.NUMBER ? blanks + text : text + blanks;
            })
        .toList();
  }

  /** What a column is to the table. */
  public enum Kind {
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
