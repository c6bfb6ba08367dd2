package dev.sweeprunner.wandb.registry;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Real files whose times go by a test's clock, as a file server's do. It can refuse to be written
 * and runs something before each operation.
 */
public final class ClockedFiles implements FileSystem {
  private final FileSystem real = new LocalFiles();
  private final SettableClock clock;
  private final AtomicLong temps = new AtomicLong();
  private final AtomicInteger operations = new AtomicInteger();
  private volatile Duration ahead = Duration.ZERO;
  private volatile boolean readOnly;
  private volatile boolean full;
  private volatile Runnable before = () -> {};

  public ClockedFiles(SettableClock clock) {
    this.clock = clock;
  }

  /** How far the server's clock is ahead of the test's. */
  public void ahead(Duration by) {
    ahead = by;
  }

  public void readOnly(boolean is) {
    readOnly = is;
  }

  /** Names can be created, content cannot be written. */
  public void full(boolean is) {
    full = is;
  }

  public void before(Runnable action) {
    before = action;
  }

  public int operations() {
    return operations.get();
  }

  private void enter() {
    operations.incrementAndGet();
    before.run();
  }

  private void touch(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(clock.now().plus(ahead)));
  }

  /** A file with its time that nobody knows the name of yet. */
  private Path prepared(Path file, byte[] content) throws IOException {
    Path temp = file.resolveSibling(TEMP_PREFIX + temps.incrementAndGet());
    Files.write(temp, content);
    touch(temp);
    return temp;
  }

  private void refuse() throws IOException {
    if (readOnly) {
      throw new IOException("read-only file system");
    }
  }

  @Override
  public void makeFolders(Path folder) throws IOException {
    enter();
    refuse();
    real.makeFolders(folder);
  }

  @Override
  public List<String> list(Path folder) throws IOException {
    return real.list(folder);
  }

  @Override
  public byte[] read(Path file) throws IOException {
    enter();
    return real.read(file);
  }

  @Override
  public Instant modified(Path file) throws IOException {
    enter();
    return real.modified(file);
  }

  @Override
  public void create(Path file, byte[] content) throws IOException {
    enter();
    refuse();
    Path temp = prepared(file, content);
    try {
      real.link(file, temp);
    } finally {
      Files.delete(temp);
    }
  }

  @Override
  public void replace(Path file, byte[] content) throws IOException {
    enter();
    refuse();
    if (full) {
      throw new IOException("no space left on device");
    }
    real.rename(prepared(file, content), file);
  }

  @Override
  public void delete(Path path) throws IOException {
    enter();
    refuse();
    real.delete(path);
  }

  @Override
  public Beat openBeat(Path file) throws IOException {
    Beat beat = real.openBeat(file);
    return new Beat() {
      @Override
      public void write(byte[] content) throws IOException {
        beat.write(content);
        touch(file);
      }

      @Override
      public void close() throws IOException {
        beat.close();
      }
    };
  }

  @Override
  public void create(Path file, Content content) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void take(Path file, byte[] content) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void link(Path newName, Path file) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void rename(Path from, Path to) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void deleteTree(Path folder) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void syncFolder(Path folder) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void replaceLink(Path link, Path target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Appender openAppender(Path file) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long freeBytes(Path folder) {
    throw new UnsupportedOperationException();
  }
}
