package dev.sweeprunner.testkit;

import dev.sweeprunner.files.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** A file system that does what another does; tests override what shall go wrong. */
public class Delegating implements FileSystem {
  private final FileSystem files;

  /** Over this one. */
  protected Delegating(FileSystem files) {
    this.files = files;
  }

  /** Called before each change. */
  protected void change() {}

  @Override
  public void makeFolders(Path folder) throws IOException {
    change();
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
    change();
    files.create(file, content);
  }

  @Override
  public void create(Path file, Content content) throws IOException {
    change();
    files.create(file, content);
  }

  @Override
  public void take(Path file, byte[] content) throws IOException {
    change();
    files.take(file, content);
  }

  @Override
  public void link(Path newName, Path file) throws IOException {
    change();
    files.link(newName, file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    change();
    files.rename(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    change();
    files.delete(path);
  }

  @Override
  public void deleteTree(Path folder) throws IOException {
    change();
    files.deleteTree(folder);
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    files.syncFolder(folder);
  }

  @Override
  public void replace(Path file, byte[] content) throws IOException {
    change();
    files.replace(file, content);
  }

  @Override
  public void replaceLink(Path link, Path target) throws IOException {
    change();
    files.replaceLink(link, target);
  }

  @Override
  public Beat openBeat(Path file) throws IOException {
    change();
    return files.openBeat(file);
  }

  @Override
  public Appender openAppender(Path file) throws IOException {
    change();
    return files.openAppender(file);
  }

  @Override
  public long freeBytes(Path folder) throws IOException {
    return files.freeBytes(folder);
  }
}
