package dev.sweeprunner.journal;

import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.files.FileSystem;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rows that are in no part yet. They are appended to a claim's {@code rows.jsonl}, and only the
 * newest are held in memory: the others are read back from there, and are what was appended or
 * nothing at all. A row that the disk does not take is held until it does. Belongs to one thread.
 */
final class PendingRows implements AutoCloseable {
  private static final long STRETCH = 1 << 20;

  /** What a row costs beside its line. */
  private static final int BESIDE = 100;

  private static final long UNKNOWN = -1;

  private final FileSystem files;
  private final Path path;
  private final FileSystem.Appender file;
  private final long most;
  private final Deque<Stretch> written = new ArrayDeque<>();

  /** Behind those that were written. */
  private final TreeMap<Long, Held> held = new TreeMap<>();

  private long heldBytes;
  private long end;

  /**
   * Rows of a claim.
   *
   * @param most bytes that are held in memory
   */
  PendingRows(FileSystem files, Path path, long most) throws IOException {
    this.files = files;
    this.path = path;
    this.file = files.openAppender(path);
    this.most = most;
    this.end = size();
  }

  /** Takes the next row. */
  void add(long step, byte[] line) {
    held.put(step, new Held(line, append(line)));
    heldBytes += line.length + BESIDE;
    boolean released = true;
    while (heldBytes > most && released) {
      released = release();
    }
  }

  /** Where the line stands in the file, or {@link #UNKNOWN}: that file is for status too. */
  private long append(byte[] line) {
    long at = end;
    try {
      end = at == UNKNOWN ? size() : at;
      at = end;
      file.append(line);
      end = at + line.length;
      return at;
    } catch (IOException full) {
      end = UNKNOWN; // part of the line may stand there
      return UNKNOWN;
    }
  }

  private long size() throws IOException {
    return Files.size(path);
  }

  /** Forgets the oldest rows that are held; false if the disk has not taken the first of them. */
  private boolean release() {
    Map.Entry<Long, Held> first = held.firstEntry();
    long at = first.getValue().at == UNKNOWN ? append(first.getValue().line) : first.getValue().at;
    if (at == UNKNOWN) {
      return false;
    }
    held.put(first.getKey(), new Held(first.getValue().line, at));
    var digest = Sha256.digest();
    long last = first.getKey();
    int bytes = 0;
    while (bytes < Math.min(STRETCH, most / 4)
        && !held.isEmpty()
        && held.firstEntry().getValue().at == at + bytes) {
      last = held.firstKey();
      byte[] line = held.pollFirstEntry().getValue().line;
      digest.update(line);
      bytes += line.length;
      heldBytes -= line.length + BESIDE;
    }
    written.addLast(new Stretch(first.getKey(), last, at, bytes, Sha256.hex(digest)));
    return true;
  }

  /** Forgets the rows before a step. */
  void clearBefore(long from) {
    while (!written.isEmpty() && written.getFirst().last < from) {
      written.removeFirst();
    }
    Map<Long, Held> before = held.headMap(from);
    before.values().forEach(row -> heldBytes -= row.line.length + BESIDE);
    before.clear();
  }

  /**
   * Writes the rows with {@code from <= step < to}, in their order.
   *
   * @return how many
   * @throws IOException also if the file no longer holds what was appended to it
   */
  long write(OutputStream out, long from, long to) throws IOException {
    long rows = 0;
    for (Stretch stretch : written) {
      if (stretch.last >= from && stretch.first < to) {
        rows += write(read(stretch), out, from, to);
      }
    }
    for (Held row : held.subMap(from, to).values()) {
      out.write(row.line);
      rows++;
    }
    return rows;
  }

  private static long write(byte[] lines, OutputStream out, long from, long to) throws IOException {
    long rows = 0;
    for (int start = 0; start < lines.length; ) {
      int next = RowLine.end(lines, start);
      long step = RowLine.step(lines, start);
      if (step >= from && step < to) {
        out.write(lines, start, next - start);
        rows++;
      }
      start = next;
    }
    return rows;
  }

  private byte[] read(Stretch stretch) throws IOException {
    try (InputStream in = files.stream(path)) {
      in.skipNBytes(stretch.at);
      byte[] lines = in.readNBytes(stretch.bytes);
      if (Sha256.of(lines).equals(stretch.sha256)) {
        return lines;
      }
    } catch (EOFException cut) {
      // as below
    }
    throw new IOException(path + ": it differs from what was appended");
  }

  /** Bytes that the rows in memory take there. */
  long heldBytes() {
    return heldBytes;
  }

  @Override
  public void close() throws IOException {
    held.clear();
    written.clear();
    file.close();
  }

  /** A line and where it stands in the file. */
  private record Held(byte[] line, long at) {}

  /**
   * Lines that follow one another in the file.
   *
   * @param first the step of the first one
   * @param at where it begins
   */
  private record Stretch(long first, long last, long at, int bytes, String sha256) {}
}
