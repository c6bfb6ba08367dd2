package dev.sweeprunner.claim;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.problem.Obstacle;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** A file system on which chosen calls fail, before or after having worked. */
@NullMarked
final class FaultyFiles implements FileSystem {
  private final FileSystem real;
  private final List<Fault> faults = new ArrayList<>();

  /** Calls seen so far, as {@code "link 00000001.json"}. */
  final List<String> calls = new ArrayList<>();

  /** Folders that this user may not write. */
  Set<Path> closed = Set.of();

  FaultyFiles(FileSystem real) {
    this.real = real;
  }

  private static final class Fault {
    final String call;
    final Predicate<String> name;
    final boolean after;
    final Supplier<IOException> failure;
    int left;

    Fault(
        String call,
        Predicate<String> name,
        boolean after,
        Supplier<IOException> failure,
        int left) {
      this.call = call;
      this.name = name;
      this.after = after;
      this.failure = failure;
      this.left = left;
    }
  }

  /** The call fails without having done anything. */
  FaultyFiles refuse(
      String call, Predicate<String> name, Supplier<IOException> failure, int times) {
    faults.add(new Fault(call, name, false, failure, times));
    return this;
  }

  /** The call works, and its reply is lost. */
  FaultyFiles loseReply(
      String call, Predicate<String> name, Supplier<IOException> failure, int times) {
    faults.add(new Fault(call, name, true, failure, times));
    return this;
  }

  void heal() {
    faults.clear();
  }

  static IOException full() {
    return new FileSystemException("x", null, "No space left on device");
  }

  static IOException taken() {
    return new FileAlreadyExistsException("x");
  }

  static IOException missing() {
    return new NoSuchFileException("x");
  }

  static IOException unsupported() {
    return new FileSystemException("x", null, "Operation not supported");
  }

  static IOException broken() {
    return new IOException("Input/output error");
  }

  private interface Call<T> {
    T run() throws IOException;
  }

  private interface Act {
    void run() throws IOException;
  }

  private <T> T with(String call, Path path, Call<T> body) throws IOException {
    String name = String.valueOf(path.getFileName());
    calls.add(call + " " + name);
    hit(call, name, false);
    T result = body.run();
    hit(call, name, true);
    return result;
  }

  private void act(String call, Path path, Act body) throws IOException {
    @Nullable Object unused =
        with(
            call,
            path,
            () -> {
              body.run();
              return "";
            });
  }

  private void hit(String call, String name, boolean after) throws IOException {
    for (Fault fault : faults) {
      if (fault.left > 0
          && fault.after == after
          && fault.call.equals(call)
          && fault.name.test(name)) {
        fault.left--;
        throw fault.failure.get();
      }
    }
  }

  @Override
  public void makeFolders(Path folder) throws IOException {
    act("makeFolders", folder, () -> real.makeFolders(folder));
  }

  @Override
  public List<String> list(Path folder) throws IOException {
    return with("list", folder, () -> real.list(folder));
  }

  @Override
  public byte[] read(Path file) throws IOException {
    return with("read", file, () -> real.read(file));
  }

  @Override
  public Instant modified(Path file) throws IOException {
    return with("modified", file, () -> real.modified(file));
  }

  @Override
  public void create(Path file, byte[] content) throws IOException {
    act("create", file, () -> real.create(file, content));
  }

  @Override
  public void create(Path file, Content content) throws IOException {
    act("create", file, () -> real.create(file, content));
  }

  @Override
  public void take(Path file, byte[] content) throws IOException {
    act("take", file, () -> real.take(file, content));
  }

  @Override
  public void link(Path newName, Path file) throws IOException {
    act("link", newName, () -> real.link(newName, file));
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    act("rename", to, () -> real.rename(from, to));
  }

  @Override
  public void delete(Path path) throws IOException {
    act("delete", path, () -> real.delete(path));
  }

  @Override
  public void deleteTree(Path folder) throws IOException {
    act("deleteTree", folder, () -> real.deleteTree(folder));
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    act("syncFolder", folder, () -> real.syncFolder(folder));
  }

  @Override
  public void replace(Path file, byte[] content) throws IOException {
    act("replace", file, () -> real.replace(file, content));
  }

  @Override
  public void replaceLink(Path link, Path target) throws IOException {
    act("replaceLink", link, () -> real.replaceLink(link, target));
  }

  @Override
  public Beat openBeat(Path file) throws IOException {
    Beat beat = with("openBeat", file, () -> real.openBeat(file));
    return new Beat() {
      @Override
      public void write(byte[] content) throws IOException {
        act("beat", file, () -> beat.write(content));
      }

      @Override
      public void close() throws IOException {
        beat.close();
      }
    };
  }

  @Override
  public Appender openAppender(Path file) throws IOException {
    return with("openAppender", file, () -> real.openAppender(file));
  }

  @Override
  public @Nullable Obstacle obstacle(Path folder) {
    return closed.contains(folder) ? new Obstacle(folder + " is ann's", "chmod") : null;
  }

  @Override
  public long freeBytes(Path folder) throws IOException {
    return with("freeBytes", folder, () -> real.freeBytes(folder));
  }
}
