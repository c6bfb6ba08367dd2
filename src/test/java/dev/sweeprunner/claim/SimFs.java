package dev.sweeprunner.claim;

import dev.sweeprunner.files.FileSystem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;

/**
 * One client's view of a simulated shared file system: every method becomes one or more {@link
 * SimCall}s, and whoever answers those decides what the client is told.
 *
 * <p>Random names of temps are replaced by numbered ones, so that the same replies always lead to
 * the same calls. Without links, a name and its content are two calls, as they are on a disk.
 */
@NullMarked
final class SimFs implements FileSystem {
  private static final int UUID_LENGTH = 36;
  private static final Instant FIRST_CHANGE = Instant.parse("2026-11-23T12:00:00Z");

  private final String client;
  private final Server server;
  private final Map<String, String> temps = new HashMap<>();
  private int replaced;

  /** Answers calls. */
  interface Server {
    SimReply call(SimCall call);
  }

  /** A view for {@code client}, whose name stands in the names of its temps. */
  SimFs(String client, Server server) {
    this.client = client;
    this.server = server;
  }

  /** A file system without faults, for one client alone. */
  static SimFs alone() {
    SimDisk[] disk = {SimDisk.EMPTY};
    return new SimFs(
        "c",
        call -> {
          SimServer.Step step = SimServer.apply(disk[0], call);
          disk[0] = step.disk();
          return step.reply();
        });
  }

  private Path path(Path path) {
    String name = String.valueOf(path.getFileName());
    boolean random =
        name.startsWith(TEMP_PREFIX) && name.length() == TEMP_PREFIX.length() + UUID_LENGTH;
    return random
        ? path.resolveSibling(
            temps.computeIfAbsent(name, n -> TEMP_PREFIX + client + "-" + temps.size()))
        : path;
  }

  private SimReply call(SimCall call) throws IOException {
    return server.call(call).orThrow(call.path());
  }

  private SimReply call(SimCall.Kind kind, Path path) throws IOException {
    return call(SimCall.of(kind, path(path)));
  }

  @Override
  public void makeFolders(Path folder) throws IOException {
    call(SimCall.Kind.MAKE_FOLDERS, folder);
  }

  @Override
  public List<String> list(Path folder) throws IOException {
    return call(SimCall.Kind.LIST, folder).names;
  }

  @Override
  public byte[] read(Path file) throws IOException {
    return call(SimCall.Kind.READ, file).content.bytes;
  }

  @Override
  public Instant modified(Path file) throws IOException {
    return FIRST_CHANGE.plusSeconds(30 * call(SimCall.Kind.MODIFIED, file).number);
  }

  @Override
  public void create(Path file, byte[] content) throws IOException {
    call(SimCall.of(SimCall.Kind.CREATE, path(file), content, 0));
  }

  @Override
  public void create(Path file, Content content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    content.writeTo(out);
    create(file, out.toByteArray());
  }

  @Override
  public void take(Path file, byte[] content) throws IOException {
    long id = open(SimCall.Kind.TAKE, path(file));
    call(SimCall.of(SimCall.Kind.FILL, path(file), content, id));
  }

  private long open(SimCall.Kind kind, Path path) throws IOException {
    return call(new SimCall(kind, path, path, SimBlob.EMPTY, identity(client), SimAnswer.NONE))
        .number;
  }

  /** What the server knows a client's open files by. */
  static long identity(String client) {
    return SimBlob.hash(client) | 1;
  }

  @Override
  public void link(Path newName, Path file) throws IOException {
    call(SimCall.of(SimCall.Kind.LINK, path(newName), path(file)));
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    call(SimCall.of(SimCall.Kind.RENAME, path(from), path(to)));
  }

  @Override
  public void delete(Path path) throws IOException {
    call(SimCall.Kind.DELETE, path);
  }

  @Override
  public void deleteTree(Path folder) throws IOException {
    call(SimCall.Kind.DELETE_TREE, folder);
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    call(SimCall.Kind.SYNC, folder);
  }

  @Override
  public void replace(Path file, byte[] content) throws IOException {
    Path temp = file.resolveSibling(TEMP_PREFIX + client + "-r" + ++replaced);
    create(temp, content);
    try {
      rename(temp, file);
    } catch (IOException e) {
      delete(temp);
      throw e;
    }
    syncFolder(java.util.Objects.requireNonNull(file.getParent()));
  }

  /** The claim protocol has no symlinks. */
  @Override
  public void replaceLink(Path link, Path target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Beat openBeat(Path file) throws IOException {
    long id = open(SimCall.Kind.OPEN, file);
    return new Beat() {
      private int length = -1;

      @Override
      public void write(byte[] content) throws IOException {
        if (length >= 0 && content.length != length) {
          throw new IllegalArgumentException("a beat of " + content.length + " bytes");
        }
        length = content.length;
        call(SimCall.of(SimCall.Kind.BEAT, file, content, id));
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Appender openAppender(Path file) throws IOException {
    long id = open(SimCall.Kind.OPEN, file);
    return new Appender() {
      @Override
      public void append(byte[] record) throws IOException {
        call(SimCall.of(SimCall.Kind.APPEND, file, record, id));
      }

      @Override
      public void sync() {}

      @Override
      public void close() {}
    };
  }

  @Override
  public long freeBytes(Path folder) {
    return Long.MAX_VALUE;
  }
}
