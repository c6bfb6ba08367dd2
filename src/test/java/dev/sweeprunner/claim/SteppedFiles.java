package dev.sweeprunner.claim;

import dev.sweeprunner.files.FileSystem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.NullMarked;

/**
 * One worker's view of a shared file system: each call is a step of the interleaving, and some fail
 * before or after having worked, as on a network mount.
 */
@NullMarked
final class SteppedFiles implements FileSystem {
  private final FileSystem shared;
  private final Turnstile.Gate gate;
  private final Random random;
  private final double faults;
  private final boolean links;

  SteppedFiles(
      FileSystem shared, Turnstile.Gate gate, Random random, double faults, boolean links) {
    this.shared = shared;
    this.gate = gate;
    this.random = random;
    this.faults = faults;
    this.links = links;
  }

  private interface Call<T> {
    T run() throws IOException;
  }

  private interface Act {
    void run() throws IOException;
  }

  private <T> T with(Call<T> call) throws IOException {
    gate.step();
    if (random.nextDouble() < faults) {
      throw new IOException("refused");
    }
    T result = call.run();
    if (random.nextDouble() < faults) {
      throw new IOException("reply lost");
    }
    return result;
  }

  /** A call whose lost reply makes the retry find its own work. */
  private void act(Act act, IOException found) throws IOException {
    gate.step();
    if (random.nextDouble() < faults) {
      throw new IOException("refused");
    }
    act.run();
    if (random.nextDouble() < faults) {
      throw random.nextBoolean() ? found : new IOException("reply lost");
    }
  }

  @Override
  public void makeFolders(Path folder) throws IOException {
    act(() -> shared.makeFolders(folder), new IOException("reply lost"));
  }

  @Override
  public List<String> list(Path folder) throws IOException {
    return with(() -> shared.list(folder));
  }

  @Override
  public byte[] read(Path file) throws IOException {
    return with(() -> shared.read(file));
  }

  @Override
  public Instant modified(Path file) throws IOException {
    return with(() -> shared.modified(file));
  }

  @Override
  public void create(Path file, byte[] content) throws IOException {
    act(() -> shared.create(file, content), new IOException("reply lost"));
  }

  @Override
  public void create(Path file, Content content) throws IOException {
    act(() -> shared.create(file, content), new IOException("reply lost"));
  }

  @Override
  public void take(Path file, byte[] content) throws IOException {
    act(() -> shared.take(file, content), new FileAlreadyExistsException("mine"));
  }

  @Override
  public void link(Path newName, Path file) throws IOException {
    if (!links) {
      gate.step();
      throw new IOException("Operation not supported");
    }
    act(() -> shared.link(newName, file), new FileAlreadyExistsException("mine"));
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    act(() -> shared.rename(from, to), new NoSuchFileException("mine"));
  }

  @Override
  public void delete(Path path) throws IOException {
    act(() -> shared.delete(path), new NoSuchFileException("mine"));
  }

  @Override
  public void deleteTree(Path folder) throws IOException {
    act(() -> shared.deleteTree(folder), new NoSuchFileException("mine"));
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    act(() -> shared.syncFolder(folder), new IOException("reply lost"));
  }

  @Override
  public void replace(Path file, byte[] content) throws IOException {
    act(() -> shared.replace(file, content), new IOException("reply lost"));
  }

  @Override
  public void replaceLink(Path link, Path target) throws IOException {
    act(() -> shared.replaceLink(link, target), new IOException("reply lost"));
  }

  @Override
  public Beat openBeat(Path file) throws IOException {
    return with(() -> shared.openBeat(file));
  }

  @Override
  public Appender openAppender(Path file) throws IOException {
    return with(() -> shared.openAppender(file));
  }

  @Override
  public long freeBytes(Path folder) throws IOException {
    return with(() -> shared.freeBytes(folder));
  }
}
