package dev.sweeprunner.files;

import dev.sweeprunner.problem.Obstacle;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The narrow file system under claims, journals and checkpoints: everything that changes a disk
 * goes through here, so that a test can put a simulated one underneath.
 *
 * <p>Folders and files obey the umask. Every method may be called from any thread. An {@link
 * IOException} after a network file system lost a reply may hide a success: callers that care read
 * back what they wrote.
 */
public interface FileSystem {
  /** Start of the names of files that exist only while something is being written. */
  String TEMP_PREFIX = ".t.";

  /** Creates the folder and its missing parents; an existing one is fine. Never a claim. */
  void makeFolders(Path folder) throws IOException;

  /**
   * The names in a folder, without {@code stat} per entry, in no order.
   *
   * @throws java.nio.file.NoSuchFileException if the folder does not exist
   * @throws java.nio.file.NotDirectoryException if it is something else
   */
  List<String> list(Path folder) throws IOException;

  /**
   * The whole file, by open and read (never from a cached {@code stat}).
   *
   * @throws java.nio.file.NoSuchFileException if it does not exist
   */
  byte[] read(Path file) throws IOException;

  /**
   * The whole file as a stream, for one that may be too large for one array; the caller closes it.
   *
   * @throws java.nio.file.NoSuchFileException if it does not exist
   */
  default InputStream stream(Path file) throws IOException {
    return Files.newInputStream(file);
  }

  /** As {@link #read}, but no more than the first {@code most} bytes. */
  default byte[] readStart(Path file, int most) throws IOException {
    byte[] whole = read(file);
    return whole.length <= most ? whole : Arrays.copyOf(whole, most);
  }

  /**
   * When a file's content was last changed, by the clock of whoever keeps the file: for comparing
   * with itself and for display. After a {@link #read} it is as fresh as what was read.
   *
   * @throws java.nio.file.NoSuchFileException if it does not exist
   */
  Instant modified(Path file) throws IOException;

  /**
   * Creates a new file with this content, fsynced. If writing fails, the name is free again.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken
   */
  void create(Path file, byte[] content) throws IOException;

  /** Streams {@code content} into a new file and fsyncs it; for files too large for one array. */
  void create(Path file, Content content) throws IOException;

  /**
   * Creates a new file with this content, fsynced, under a name that must never be given twice: if
   * writing fails, the name stays taken, its content cut short. Where {@link #link} does not work.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken
   */
  void take(Path file, byte[] content) throws IOException;

  /**
   * Gives {@code file} a second name that must not exist yet: link(2).
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken
   */
  void link(Path newName, Path file) throws IOException;

  /**
   * rename(2): replaces an existing file silently; refuses a folder that is not empty. A rename
   * whose reply was lost is recognised by the identity of what was moved.
   */
  void rename(Path from, Path to) throws IOException;

  /** Removes a file or an empty folder; a missing one is fine. */
  void delete(Path path) throws IOException;

  /** Removes a folder with everything in it; a missing one is fine; symlinks are not followed. */
  void deleteTree(Path folder) throws IOException;

  /**
   * Makes the names in a folder durable: fsync of the folder. Or, of a file that another program
   * wrote, its content.
   */
  void syncFolder(Path folder) throws IOException;

  /** Writes a file beside its place, fsyncs it and renames it over {@code file}. Atomic. */
  void replace(Path file, byte[] content) throws IOException;

  /** Points the symlink {@code link} at the relative {@code target}, replacing it atomically. */
  void replaceLink(Path link, Path target) throws IOException;

  /** Opens a small file that is overwritten in place, for beats. Creates it if missing. */
  Beat openBeat(Path file) throws IOException;

  /** Opens a file for appending whole lines; creates it if missing. */
  Appender openAppender(Path file) throws IOException;

  /**
   * What right this user lacks to list, make and change a folder (of one that is not there yet, the
   * nearest above it), or null. For looks: a disk may refuse all the same.
   */
  default @Nullable Obstacle obstacle(Path folder) {
    return null;
  }

  /** Bytes that this process may still write on the file system of {@code folder}. */
  long freeBytes(Path folder) throws IOException;

  /** Writes a file's bytes into the stream it is given. */
  interface Content {
    /** Writes everything; the caller closes and fsyncs. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** A file that is rewritten in place, at most 128 bytes at a time. Belongs to one thread. */
  interface Beat extends AutoCloseable {
    /**
     * Overwrites the content, which has the same length each time; where it cannot be written, as
     * on a full disk, only the file's time is advanced.
     */
    void write(byte[] content) throws IOException;

    @Override
    void close() throws IOException;
  }

  /** A file to which whole records are appended; any thread may append. */
  interface Appender extends AutoCloseable {
    /** Appends one record with a single write. */
    void append(byte[] record) throws IOException;

    /** fsyncs what was appended. */
    void sync() throws IOException;

    @Override
    void close() throws IOException;
  }
}
