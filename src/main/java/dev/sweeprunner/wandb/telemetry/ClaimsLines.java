package dev.sweeprunner.wandb.telemetry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * The whole lines of a file that each claim of a run may have: those of one claim after those of
 * the one before it, those of the newest as they come. What a killed claim has torn is left out.
 * Belongs to one thread but for {@link #until}.
 */
final class ClaimsLines {
  private static final int CHUNK = 1 << 18;

  private final List<Path> files;
  private final Deque<Line> ready = new ArrayDeque<>();
  private final ByteArrayOutputStream torn = new ByteArrayOutputStream();
  private int at;
  private long position;
  private volatile long end = Long.MAX_VALUE;

  /**
   * Lines from the first one on.
   *
   * @param files of the claims, the newest last
   */
  ClaimsLines(List<Path> files) {
    this.files = List.copyOf(files);
  }

  /**
   * A line without its newline.
   *
   * @param claim whose it is, by its place in the list of files
   */
  record Line(String text, int claim) {}

  /** Whether a line is the newest claim's. */
  boolean newest(Line line) {
    return line.claim() == files.size() - 1;
  }

  /** Of the newest claim's file no byte from here on is read. Any thread. */
  void until(long bytes) {
    end = bytes;
  }

  /** The next lines, at most so many; none where there is none yet. */
  List<Line> next(int most) throws IOException {
    while (ready.size() < most && read()) {
      // there may be more
    }
    List<Line> next = new ArrayList<>();
    while (next.size() < most && !ready.isEmpty()) {
      next.add(ready.removeFirst());
    }
    return next;
  }

  /** Whether something was read, or another file is next. */
  private boolean read() throws IOException {
    if (files.isEmpty()) {
      return false;
    }
    boolean newest = at == files.size() - 1;
    byte[] chunk = chunk(newest ? end : Long.MAX_VALUE);
    for (byte b : chunk) {
      if (b == '\n') {
        whole(torn.toString(StandardCharsets.UTF_8));
      } else {
        torn.write(b);
      }
    }
    if (chunk.length == 0 && !newest) {
      at++;
      position = 0;
      torn.reset();
      return true;
    }
    return chunk.length > 0;
  }

  /** A torn line was ended by a blank, so that the next one is whole. */
  private void whole(String line) {
    torn.reset();
    if (!line.endsWith(" ")) {
      ready.addLast(new Line(line, at));
    }
  }

  private byte[] chunk(long limit) throws IOException {
    try (FileChannel channel = FileChannel.open(files.get(at), StandardOpenOption.READ)) {
      int length = (int) Math.min(CHUNK, Math.min(channel.size(), limit) - position);
      ByteBuffer bytes = ByteBuffer.allocate(Math.max(0, length));
      while (bytes.hasRemaining() && channel.read(bytes, position + bytes.position()) > 0) {
        // until it is full or the file ends
      }
      position += bytes.position();
      return Arrays.copyOf(bytes.array(), bytes.position());
    } catch (NoSuchFileException none) {
      return new byte[0];
    }
  }
}
