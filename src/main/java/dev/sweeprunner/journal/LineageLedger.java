package dev.sweeprunner.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Row;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A ledger over files that follow one another: metric parts, until a finished run's journal has
 * taken their place. A line has the same number in both.
 *
 * @param parts the files with their numbers of rows, oldest first
 * @param joined where the journal of the finished run lies, or will
 */
record LineageLedger(FileSystem files, List<Part> parts, Path joined, long lines)
    implements Ledger {

  /**
   * A file of rows.
   *
   * @param sha256 of its bytes: a row of a damaged file must not leave
   */
  record Part(Path file, long rows, String sha256) {}

  @Override
  public List<Row> read(long from, long to) throws IOException {
    try {
      return readParts(from, Math.min(to, lines));
    } catch (NoSuchFileException tidied) {
      try (LineStream all = new LineStream(files.stream(joined))) {
        return slice(joined, all, from, Math.min(to, lines));
      }
    }
  }

  private List<Row> readParts(long from, long to) throws IOException {
    List<Row> rows = new ArrayList<>();
    long first = 0;
    for (Part part : parts) {
      long after = first + part.rows();
      if (from < after && to > first) {
        rows.addAll(read(part, Math.max(from - first, 0), Math.min(to, after) - first));
      }
      first = after;
    }
    return rows;
  }

  private List<Row> read(Part part, long from, long to) throws IOException {
    try (LineStream all = new LineStream(files.stream(part.file()))) {
      List<String> wanted = lines(all, from, to);
      if (!all.sha256().equals(part.sha256())) {
        throw new IOException(part.file() + ": it differs from what was published");
      }
      return rows(part.file(), wanted, from, to);
    }
  }

  private static List<Row> slice(Path file, LineStream all, long from, long to) throws IOException {
    return rows(file, lines(all, from, to), from, to);
  }

  private static List<String> lines(LineStream all, long from, long to) throws IOException {
    List<String> wanted = new ArrayList<>();
    long line = 0;
    for (byte[] next = line < to ? all.next() : null; next != null; ) {
      if (line >= from) {
        wanted.add(new String(next, 0, next.length - 1, UTF_8));
      }
      line++;
      next = line < to ? all.next() : null;
    }
    return wanted;
  }

  private static List<Row> rows(Path file, List<String> lines, long from, long to)
      throws IOException {
    if (lines.size() != to - from) {
      throw new IOException(file + ": it has fewer rows than the " + to + " that were expected");
    }
    List<Row> rows = new ArrayList<>();
    for (String line : lines) {
      rows.add(row(file, from + rows.size(), line));
    }
    return rows;
  }

  private static Row row(Path file, long line, String text) throws IOException {
    return RowLine.decode(text)
        .orElseThrow(() -> new IOException(file + ": row " + (line + 1) + " cannot be read"));
  }
}
