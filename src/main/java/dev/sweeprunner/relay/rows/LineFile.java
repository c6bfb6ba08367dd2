package dev.sweeprunner.relay.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.run.Logged;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A file of lines that is only appended to; made with its folder at the first line. What cannot be
 * written is kept, and written before what comes next: a caller that is asked again has nothing to
 * do again. A line that was torn by a death or a full disk is ended, and never read as one. Guarded
 * by its book.
 */
final class LineFile {
  /** Ends a torn line so that it ends like none of ours. */
  private static final String TORN = " \n";

  private static final int CHUNK = 1 << 16;

  private final FileSystem files;
  private final Path path;
  private final StringBuilder unwritten = new StringBuilder();
  private FileSystem.@Nullable Appender appender;
  private boolean torn;
  private long position;

  /** A file that need not be there yet. */
  LineFile(FileSystem files, Path path) {
    this.files = files;
    this.path = path;
  }

  /** Where it lies. */
  Path path() {
    return path;
  }

  /** At least so many bytes lie before what comes next. */
  long position() {
    return position;
  }

  /** Adds a line, without writing it yet. */
  void add(String line) {
    unwritten.append(line).append('\n');
  }

  /** Writes what was added, with a single call. */
  void write() throws IOException {
    if (unwritten.isEmpty()) {
      return;
    }
    FileSystem.Appender open = appender();
    byte[] bytes = ((torn ? TORN : "") + unwritten).getBytes(UTF_8);
    try {
      open.append(bytes);
    } catch (IOException e) {
      torn = true;
      throw e;
    }
    torn = false;
    position += bytes.length;
    unwritten.setLength(0);
  }

  /** As {@link #write}, but where the file is not there yet all of it appears at once. */
  void writeAtOnce() throws IOException {
    if (appender == null && !Files.exists(path)) {
      files.makeFolders(path.toAbsolutePath().resolveSibling(""));
      files.replace(path, unwritten.toString().getBytes(UTF_8));
      unwritten.setLength(0);
    } else {
      write();
    }
  }

  /** Removes the file and forgets what was added. */
  void drop() throws IOException {
    unwritten.setLength(0);
    close();
    files.delete(path);
  }

  /** Closes it; another line would open it again. */
  void close() throws IOException {
    if (appender != null) {
      appender.close();
      appender = null;
    }
  }

  private FileSystem.Appender appender() throws IOException {
    FileSystem.Appender open = appender;
    if (open == null) {
      files.makeFolders(path.toAbsolutePath().resolveSibling(""));
      torn |= endsWithin(path);
      open = files.openAppender(path);
      appender = open;
    }
    return open;
  }

  private static boolean endsWithin(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      return channel.size() > 0
          && channel.read(last, channel.size() - 1) == 1
          && last.get(0) != '\n';
    } catch (NoSuchFileException none) {
      return false;
    }
  }

  /**
   * Hands on the rows of a file; one that is not there has none.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  static void each(Path path, Consumer<Logged> rows) {
    each(
        path,
        0,
        row -> {
          rows.accept(row);
          return true;
        });
  }

  /**
   * As above, from about a position on, while the rows are wanted. The last line may be torn just
   * where an inner object ends, and is read with more care.
   */
  static void each(Path path, long position, Predicate<Logged> rows) {
    try (InputStream in = Files.newInputStream(path)) {
      in.skipNBytes(position);
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8), CHUNK);
      String line = lines.readLine();
      while (line != null) {
        String next = lines.readLine();
        if (!(next == null ? Logged.of(line, 0) : Logged.ofOurs(line))
            .map(rows::test)
            .orElse(true)) {
          return;
        }
        line = next;
      }
    } catch (NoSuchFileException none) {
      // nothing was logged
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** How many lines a file has; 0 if it is not there. */
  static long count(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] buffer = new byte[CHUNK];
      long count = 0;
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        for (int i = 0; i < read; i++) {
          count += buffer[i] == '\n' ? 1 : 0;
        }
      }
      return count;
    } catch (NoSuchFileException none) {
      return 0;
    }
  }
}
