package dev.sweeprunner.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.run.Row;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * The last whole row of a file that somebody may be writing, replacing or removing: reads from its
 * end, never the whole file, and takes torn lines for none.
 */
final class Tail {
  private static final int CHUNK = 16 * 1024;
  private static final int FARTHEST = 1024 * 1024;

  private Tail() {}

  /**
   * The last whole row, with the newest value of each metric that it lacks from the rows before it
   * (an evaluation's row has no training loss). Empty if there is none or the file cannot be read.
   */
  static Optional<Row> lastRow(Path file) {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      for (long length = CHUNK; ; length *= 8) {
        long start = Math.max(0, size - length);
        var row = lastRow(read(channel, start, size), start == 0);
        if (row.isPresent() || start == 0 || length >= FARTHEST) {
          return row;
        }
      }
    } catch (IOException absent) {
      return Optional.empty();
    }
  }

  private static byte[] read(FileChannel channel, long from, long to) throws IOException {
    var buffer = ByteBuffer.allocate((int) (to - from));
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        break;
      }
    }
    return java.util.Arrays.copyOf(buffer.array(), buffer.position());
  }

  private static Optional<Row> lastRow(byte[] bytes, boolean fromStart) {
    Row newest = null;
    var values = new LinkedHashMap<String, Double>();
    int end = lastNewline(bytes, bytes.length);
    while (end >= 0) {
      int before = lastNewline(bytes, end);
      if (before < 0 && !fromStart) {
        break;
      }
      var row = RowLine.decode(new String(bytes, before + 1, end - before - 1, UTF_8));
      if (row.isPresent()) {
        newest = newest == null ? row.get() : newest;
        row.get().values().forEach(values::putIfAbsent);
      }
      end = before;
    }
    return newest == null
        ? Optional.empty()
        : Optional.of(new Row(newest.step(), values, newest.wall()));
  }

  private static int lastNewline(byte[] bytes, int before) {
    int i = before - 1;
    while (i >= 0 && bytes[i] != '\n') {
      i--;
    }
    return i;
  }
}
