package dev.sweeprunner.files;

import dev.sweeprunner.problem.Obstacle;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The file system of this machine, local or mounted from a server. */
public final class LocalFiles implements FileSystem {
  private static final int BUFFER = 1 << 16;

  @Override
  public void makeFolders(Path folder) throws IOException {
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      // JDK 17 refuses a symlink to a folder here, which users have for their storage.
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
  }

  @Override
  public List<String> list(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        names.add(String.valueOf(entry.getFileName()));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  @Override
  public byte[] read(Path file) throws IOException {
    return Files.readAllBytes(file);
  }

  @Override
  public byte[] readStart(Path file, int most) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(most);
    }
  }

  @Override
  public Instant modified(Path file) throws IOException {
    return Files.getLastModifiedTime(file).toInstant();
  }

  @Override
  public void create(Path file, byte[] content) throws IOException {
    create(file, out -> out.write(content));
  }

  @Override
  public void create(Path file, Content content) throws IOException {
    FileChannel created = openNew(file);
    try (FileChannel channel = created) {
      writeDurably(file, channel, content);
    } catch (IOException | RuntimeException e) {
      deleteQuietly(file, e);
      throw e;
    }
  }

  @Override
  public void take(Path file, byte[] content) throws IOException {
    try (FileChannel channel = openNew(file)) {
      writeDurably(file, channel, out -> out.write(content));
    }
  }

  @Override
  public void link(Path newName, Path file) throws IOException {
    try {
      Files.createLink(newName, file);
    } catch (UnsupportedOperationException e) {
      throw new IOException(newName + ": no hard links here", e);
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Object moved = identity(from);
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      if (moved == null || !moved.equals(identity(to))) {
        throw e;
      }
    }
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }

  @Override
  public void deleteTree(Path folder) throws IOException {
    if (identity(folder) == null) {
      return;
    }
    Files.walkFileTree(folder, new Removal());
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void replace(Path file, byte[] content) throws IOException {
    Path temp = beside(file);
    create(temp, content);
    renameOrDrop(temp, file);
  }

  @Override
  public void replaceLink(Path link, Path target) throws IOException {
    Path temp = beside(link);
    Files.createSymbolicLink(temp, target);
    renameOrDrop(temp, link);
  }

  @Override
  public Beat openBeat(Path file) throws IOException {
    return new ChannelBeat(file);
  }

  @Override
  public Appender openAppender(Path file) throws IOException {
    return new ChannelAppender(file);
  }

  @Override
  public @Nullable Obstacle obstacle(Path folder) {
    return Permission.lacking(folder);
  }

  @Override
  public long freeBytes(Path folder) throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }

  private void renameOrDrop(Path temp, Path place) throws IOException {
    try {
      rename(temp, place);
    } catch (IOException e) {
      deleteQuietly(temp, e);
      throw e;
    }
    syncFolder(parent(place));
  }

  private static FileChannel openNew(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static void writeDurably(Path file, FileChannel channel, Content content)
      throws IOException {
    OutputStream placed = new PlacedOutput(file, Channels.newOutputStream(channel));
    OutputStream out = new BufferedOutputStream(placed, BUFFER);
    content.writeTo(out);
    out.flush();
    try {
      channel.force(true);
    } catch (IOException e) {
      throw PlacedOutput.placed(file, e);
    }
  }

  private static Path beside(Path file) {
    return parent(file).resolve(TEMP_PREFIX + UUID.randomUUID());
  }

  private static Path parent(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file : parent;
  }

  private static void deleteQuietly(Path file, Exception because) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  private static @Nullable Object identity(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .fileKey();
    } catch (IOException e) {
      return null;
    }
  }

  /** Removes what it walks over; others may be removing the same. */
  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
        throws IOException {
      if (e != null && !(e instanceof NoSuchFileException)) {
        throw e;
      }
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }

  /** Overwrites through a channel that stays open: one request per beat on a network mount. */
  private static final class ChannelBeat implements Beat {
    private static final int LIMIT = 128;

    private final Path file;
    private final FileChannel channel;
    private int length = -1;

    ChannelBeat(Path file) throws IOException {
      this.file = file;
      this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    @Override
    public void write(byte[] content) throws IOException {
      if (content.length > LIMIT || (length >= 0 && content.length != length)) {
        throw new IllegalArgumentException("a beat of " + content.length + " bytes");
      }
      length = content.length;
      try {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes, bytes.position());
        }
        channel.force(false);
      } catch (IOException e) {
        advanceTime(e);
      }
    }

    /** A changed time needs no block; by how much it changes is nobody's business. */
    private void advanceTime(IOException because) throws IOException {
      try {
        Instant last = Files.getLastModifiedTime(file).toInstant();
        Files.setLastModifiedTime(file, FileTime.from(last.plusSeconds(1)));
      } catch (IOException e) {
        because.addSuppressed(e);
        throw because;
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /** Appends with O_APPEND, so that records of several processes never overlap. */
  private static final class ChannelAppender implements Appender {
    private final Path file;
    private final FileChannel channel;

    ChannelAppender(Path file) throws IOException {
      this.file = file;
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    @Override
    public void append(byte[] record) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(record);
      try {
        channel.write(bytes);
      } catch (IOException e) {
        throw PlacedOutput.placed(file, e);
      }
      if (bytes.hasRemaining()) {
        throw new IOException(file + ": only part of a record could be appended: the disk is full");
      }
    }

    @Override
    public void sync() throws IOException {
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
