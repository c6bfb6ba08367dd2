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
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The metric part that a publish names, compared with what was published. */
record PublishedPart(FileSystem files, Path file, PublishedCheckpoint published) {
  static PublishedPart of(
      FileSystem files, Layout layout, RunKey key, PublishedCheckpoint published) {
    return new PublishedPart(files, layout.part(key, published.part()), published);
  }

  /** Its bytes. */
  byte[] read() throws IOException {
    byte[] bytes = bytes();
    if (!Sha256.of(bytes).equals(published.partSha256())) {
      throw damaged("the metric part differs from what was published");
    }
    checkSteps(bytes);
    return bytes;
  }

  private byte[] bytes() throws IOException {
    try {
      return files.read(file);
    } catch (IOException e) {
      if (IoReason.noFile(file, e)) {
        throw damaged("the published metric part is missing");
      }
      throw e;
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

  private void checkSteps(byte[] bytes) throws DamagedPart {
    long previous = published.from() - 1;
    long rows = 0;
    for (int start = 0; start < bytes.length; start = RowLine.end(bytes, start)) {
      long step = RowLine.step(bytes, start);
      if (step <= previous || step >= published.iter()) {
        throw damaged("row " + (rows + 1) + " is no row after step " + previous);
      }
      previous = step;
      rows++;
    }
    if (rows != published.partRows()) {
      throw damaged(rows + " rows where " + published.partRows() + " were published");
    }
  }

  private DamagedPart damaged(String what) {
    return new DamagedPart(file + ": " + what);
  }
}
