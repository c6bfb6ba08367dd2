package dev.sweeprunner.claim;

import dev.sweeprunner.files.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** A file system of which a mutant overrides a part. */
@NullMarked
class SimPort implements FileSystem {
  private final FileSystem real;

  SimPort(FileSystem real) {
    this.real = real;
  }

  @Override
  public void makeFolders(Path folder) throws IOException {
    real.makeFolders(folder);
  }

  @Override
  public List<String> list(Path folder) throws IOException {
    return real.list(folder);
  }

  @Override
  public byte[] read(Path file) throws IOException {
    return real.read(file);
  }

  @Override
  public Instant modified(Path file) throws IOException {
    return real.modified(file);
  }

  @Override
  public void create(Path file, byte[] content) throws IOException {
    real.create(file, content);
  }

  @Override
  public void create(Path file, Content content) throws IOException {
    real.create(file, content);
  }

  @Override
  public void take(Path file, byte[] content) throws IOException {
    real.take(file, content);
  }

  @Override
  public void link(Path newName, Path file) throws IOException {
    real.link(newName, file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    real.rename(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    real.delete(path);
  }

  @Override
  public void deleteTree(Path folder) throws IOException {
    real.deleteTree(folder);
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    real.syncFolder(folder);
  }

  @Override
  public void replace(Path file, byte[] content) throws IOException {
    real.replace(file, content);
  }

  @Override
  public void replaceLink(Path link, Path target) throws IOException {
    real.replaceLink(link, target);
  }

  @Override
  public Beat openBeat(Path file) throws IOException {
    return real.openBeat(file);
  }

  @Override
  public Appender openAppender(Path file) throws IOException {
    return real.openAppender(file);
  }

  @Override
  public long freeBytes(Path folder) throws IOException {
    return real.freeBytes(folder);
  }
}
