package dev.sweeprunner.journal;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.IoReason;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Journal.DamagedPart;
import dev.sweeprunner.run.PublishedCheckpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The metric part that a publish names, compared with what was published. */
record PublishedPart(FileSystem files, Path file, PublishedCheckpoint published) {
  static PublishedPart of(
      FileSystem files, Layout layout, RunKey key, PublishedCheckpoint published) {
    return new PublishedPart(files, layout.part(key, published.part()), published);
  }

  /**
   * Looks whether it is what was published.
   *
   * @throws DamagedPart if it is not
   */
  void check() throws IOException {
    try (LineStream lines = new LineStream(files.stream(file))) {
      String fault = steps(lines);
      if (!lines.sha256().equals(published.partSha256())) {
        throw damaged("the metric part differs from what was published");
      }
      if (fault != null) {
        throw damaged(fault);
      }
    } catch (IOException e) {
      if (IoReason.noFile(file, e)) {
        throw damaged("the published metric part is missing");
      }
      throw e;
    }
  }

  /** Writes its lines, once it is what was published. */
  void copy(OutputStream out) throws IOException {
    check();
    try (LineStream lines = new LineStream(files.stream(file))) {
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        out.write(line);
      }
      if (!lines.sha256().equals(published.partSha256())) {
        throw damaged("the metric part changes while it is read");
      }
    }
  }

  /** Makes it again from its claim's own rows; false where they do not give what was published. */
  boolean restore(Path rows) throws IOException {
    byte[] again;
    try {
      again = within(files.read(rows));
    } catch (NoSuchFileException gone) {
      return false;
    }
    if (!Sha256.of(again).equals(published.partSha256()) || Files.isDirectory(file)) {
      return false;
    }
    Path folder = file.getParent();
    if (folder != null) {
      files.makeFolders(folder);
    }
    files.replace(file, again);
    return true;
  }

  private byte[] within(byte[] rows) {
    var part = new ByteArrayOutputStream();
    for (int start = 0; start < rows.length; ) {
      int end = Math.min(RowLine.end(rows, start), rows.length);
      long step = RowLine.step(rows, start);
      if (step >= published.from() && step < published.iter()) {
        part.write(rows, start, end - start);
      }
      start = end;
    }
    return part.toByteArray();
  }

  private @Nullable String steps(LineStream lines) throws IOException {
    long previous = published.from() - 1;
    long rows = 0;
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      long step = RowLine.step(line, 0);
      if (step <= previous || step >= published.iter()) {
        return "row " + (rows + 1) + " is no row after step " + previous;
      }
      previous = step;
      rows++;
    }
    return rows == published.partRows()
        ? null
        : rows + " rows where " + published.partRows() + " were published";
  }

  private DamagedPart damaged(String what) {
    return new DamagedPart(file + ": " + what);
  }
}
