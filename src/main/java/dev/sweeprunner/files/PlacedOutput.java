package dev.sweeprunner.files;

import dev.sweeprunner.problem.Why;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A file's bytes; where the disk refuses some, the failure says of which file. */
final class PlacedOutput extends FilterOutputStream {
  private final Path file;

  PlacedOutput(Path file, OutputStream out) {
    super(out);
    this.file = file;
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    try {
      out.write(bytes, from, count);
    } catch (IOException e) {
      throw placed(file, e);
    }
  }

  /** A write, unlike an open, does not say which file it was that the disk refused. */
  static IOException placed(Path file, IOException refused) {
    if (refused instanceof FileSystemException) {
      return refused;
    }
    IOException placed = new FileSystemException(file.toString(), null, Why.of(refused));
    placed.initCause(refused);
    return placed;
  }
}
