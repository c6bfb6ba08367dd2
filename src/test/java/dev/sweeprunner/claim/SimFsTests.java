package dev.sweeprunner.claim;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.FileSystemContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Without faults, the simulated file system is one like any other. */
class SimFsTests extends FileSystemContract {
  private static final Path ROOT = Path.of("/storage");

  private final FileSystem files = SimFs.alone();

  @Override
  protected FileSystem files() {
    return files;
  }

  @Override
  protected Path root() {
    try {
      files.makeFolders(ROOT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ROOT;
  }
}
