package dev.sweeprunner.journal;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.testkit.Delegating;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A file system on which the n-th change, and every later one, does not happen. */
final class DyingFiles extends Delegating {
  private int left;

  DyingFiles(FileSystem files, int changes) {
    super(files);
    this.left = changes;
  }

  /** The process died here. */
  static final class Died extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  protected void change() {
    if (left-- <= 0) {
      throw new Died();
    }
  }

  /** Dies after each single entry, what is in a folder first. */
  @Override
  public void deleteTree(Path folder) throws IOException {
    for (var entry : entries(folder)) {
      deleteTree(folder.resolve(entry));
    }
    delete(folder);
  }

  private List<String> entries(Path folder) {
    try {
      return list(folder);
    } catch (IOException noFolder) {
      return List.of();
    }
  }
}
