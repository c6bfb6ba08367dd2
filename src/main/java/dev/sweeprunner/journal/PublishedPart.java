package dev.sweeprunner.journal;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.IoReason;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Journal.DamagedPart;
import dev.sweeprunner.run.PublishedCheckpoint;
import java.io.IOException;
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
