package dev.sweeprunner.torture;

import dev.sweeprunner.files.FileSystem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * The real files, but a record of a claim log that is removed keeps a second name in another
 * folder, which it gets before it loses its first: a checker sees every record that ever stood in a
 * slot, whoever was killed when.
 *
 * @param kept {@code kept/{lock folder}/{slot}}
 */
record KeepingFiles(FileSystem files, Path kept) implements FileSystem {
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

  @Override
  public void makeFolders(Path folder) throws IOException {
    files.makeFolders(folder);
  }

  @Override
  public List<String> list(Path folder) throws IOException {
    return files.list(folder);
  }

  @Override
  public byte[] read(Path file) throws IOException {
    return files.read(file);
  }

  @Override
  public Instant modified(Path file) throws IOException {
    return files.modified(file);
  }

  @Override
  public void create(Path file, byte[] content) throws IOException {
    files.create(file, content);
  }

  @Override
  public void create(Path file, Content content) throws IOException {
    files.create(file, content);
  }

  @Override
  public void take(Path file, byte[] content) throws IOException {
    files.take(file, content);
  }

  @Override
  public void link(Path newName, Path file) throws IOException {
    files.link(newName, file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    files.rename(from, to);
  }

  @Override
  public void deleteTree(Path folder) throws IOException {
    files.deleteTree(folder);
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    files.syncFolder(folder);
  }

  @Override
  public void replace(Path file, byte[] content) throws IOException {
    files.replace(file, content);
  }

  @Override
  public void replaceLink(Path link, Path target) throws IOException {
    files.replaceLink(link, target);
  }

  @Override
  public Beat openBeat(Path file) throws IOException {
    return files.openBeat(file);
  }

  @Override
  public Appender openAppender(Path file) throws IOException {
    return files.openAppender(file);
  }

  @Override
  public long freeBytes(Path folder) throws IOException {
    return files.freeBytes(folder);
  }
}
