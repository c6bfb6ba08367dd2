package dev.sweeprunner.torture;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.testkit.Delegating;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The real files, but a record of a claim log that is removed keeps a second name in another
 * folder, which it gets before it loses its first: a checker sees every record that ever stood in a
 * slot, whoever was killed when.
 */
final class KeepingFiles extends Delegating {
  private final FileSystem files;
  private final Path kept;

  /**
   * Over these files.
   *
   * @param kept {@code kept/{lock folder}/{slot}}
   */
  KeepingFiles(FileSystem files, Path kept) {
    super(files);
    this.files = files;
    this.kept = kept;
  }

  @Override
  public void delete(Path path) throws IOException {
    String name = String.valueOf(path.getFileName());
    if (name.endsWith(".json") && name.length() == "00000001.json".length()) {
      keep(path, name);
    }
    files.delete(path);
  }

  private void keep(Path slot, String name) throws IOException {
    Path folder = kept.resolve(String.valueOf(slot.resolveSibling("").getFileName()));
    files.makeFolders(folder);
    try {
      files.link(folder.resolve(name), slot);
    } catch (FileAlreadyExistsException | NoSuchFileException done) {
      // Another worker keeps it already.
    }
  }
}
