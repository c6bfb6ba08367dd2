package dev.sweeprunner.program.evidence;

import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Row;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The JSON lines that a program appends, read as they come: each call gives the rows of the lines
 * that have become whole since the last one.
 *
 * <p>A file that is not there is empty. One that is replaced or cut short is read from its start
 * again. Of a line without a newline nothing is taken before {@link #rest}; one of more than a
 * mebibyte is left out. What is no JSON object is left out and said once. Belongs to one thread.
 */
public final class MetricsFile {
  private static final int MOST_AT_ONCE = 16 << 20;
  private static final int MOST_IN_LINE = 1 << 20;
  private static final int CHUNK = 1 << 16;
  private static final int EXCERPT = 80;

  private final Path file;
  private final Rows rows;
  private final Consumer<String> notes;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private @Nullable Object identity;
  private long position;
  private boolean tooLong;
  private long unreadable;

  /**
   * Reads this file from its start.
   *
   * @param first the step of the first line that names none; such lines are counted
   * @param notes told once what cannot be read
   */
  public MetricsFile(Path file, long first, Consumer<String> notes) {
    this.file = file;
    this.rows = new Rows(first);
    this.notes = notes;
  }

  /**
   * The rows of the lines that are new and whole; at most 16 MiB of them, the rest the next time.
   *
   * @throws IOException if the file is there and cannot be read
   */
  public List<Row> read() throws IOException {
    List<Row> found = new ArrayList<>();
    read(found);
    return found;
  }

  /**
   * As {@link #read}, once the program has ended: all there is, also a last line without its
   * newline.
   */
  public List<Row> rest() throws IOException {
    List<Row> found = new ArrayList<>();
    while (read(found) == MOST_AT_ONCE) {
      // there may be more
    }
    endLine(found);
    return found;
  }

  /** The end that the newest line to name one named ({@code max_iters}, {@code total}, ...). */
  public OptionalLong total() {
    return rows.total();
  }

  /** How many lines were left out. */
  public long unreadable() {
    return unreadable;
  }

  private int read(List<Row> found) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Object now = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      if (channel.size() < position || (identity != null && !identity.equals(now))) {
        position = 0;
        line.reset();
        tooLong = false;
      }
      identity = now;
      channel.position(position);
      return drain(channel, found);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  private int drain(FileChannel channel, List<Row> found) throws IOException {
    byte[] chunk = new byte[CHUNK];
    int taken = 0;
    while (taken < MOST_AT_ONCE) {
      int n = channel.read(ByteBuffer.wrap(chunk));
      if (n <= 0) {
        break;
      }
      for (int i = 0; i < n; i++) {
        take(chunk[i], found);
      }
      position += n;
      taken += n;
    }
    return taken;
  }

  private void take(byte b, List<Row> found) {
    if (b == '\n') {
      endLine(found);
    } else if (line.size() < MOST_IN_LINE) {
      line.write(b);
    } else {
      tooLong = true;
    }
  }

  private void endLine(List<Row> found) {
    byte[] bytes = line.toByteArray();
    line.reset();
    try {
      if (tooLong) {
        throw new UnreadableJson("longer than " + MOST_IN_LINE + " bytes");
      }
      if (!blank(bytes)) {
        Row row = rows.of(Json.object(bytes));
        if (row != null) {
          found.add(row);
        }
      }
    } catch (UnreadableJson e) {
      leaveOut(bytes, e);
    }
    tooLong = false;
  }

  private void leaveOut(byte[] bytes, UnreadableJson because) {
    unreadable++;
    if (unreadable == 1) {
      String text =
          new String(bytes, 0, Math.min(bytes.length, EXCERPT), StandardCharsets.UTF_8)
              .replaceAll("\\p{Cntrl}", "?");
      notes.accept(
          file
              + ": a line is left out, and each further one like it: "
              + because.getMessage()
              + ": "
              + text);
    }
  }

  private static boolean blank(byte[] bytes) {
    for (byte b : bytes) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
