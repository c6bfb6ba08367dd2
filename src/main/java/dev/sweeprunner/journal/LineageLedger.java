package dev.sweeprunner.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.config.Sha256;
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
      return slice(joined, files.read(joined), from, Math.min(to, lines));
    }
  }

  private List<Row> readParts(long from, long to) throws IOException {
    List<Row> rows = new ArrayList<>();
    long first = 0;
    for (Part part : parts) {
      long after = first + part.rows();
      if (from < after && to > first) {
        byte[] bytes = files.read(part.file());
        if (!Sha256.of(bytes).equals(part.sha256())) {
          throw new IOException(part.file() + ": it differs from what was published");
        }
        rows.addAll(
            slice(part.file(), bytes, Math.max(from - first, 0), Math.min(to, after) - first));
      }
      first = after;
    }
    return rows;
  }

  private static List<Row> slice(Path file, byte[] bytes, long from, long to) throws IOException {
    List<Row> rows = new ArrayList<>();
    long line = 0;
    for (int start = 0; start < bytes.length && line < to; line++) {
      int end = RowLine.end(bytes, start);
      if (line >= from) {
        rows.add(row(file, line, new String(bytes, start, end - start - 1, UTF_8)));
      }
      start = end;
    }
    if (rows.size() != to - from) {
      throw new IOException(file + ": it has " + line + " rows where " + to + " were expected");
    }
    return rows;
  }

  private static Row row(Path file, long line, String text) throws IOException {
    return RowLine.decode(text)
        .orElseThrow(() -> new IOException(file + ": row " + (line + 1) + " cannot be read"));
  }
}
