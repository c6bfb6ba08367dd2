package dev.sweeprunner.relay.rows;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * {@code output.log}: the lines of the console as {@code {"number":n,"line":"..."}}, of a number
 * the last one counts. It only grows, and bounded: a progress bar, whose line changes every second,
 * is written ever more rarely, and its last state once it is settled. Guarded by its book.
 */
final class Console {
  private static final int LIVE = 64;
  private static final int LONGEST_LINE = 1 << 16;
  private static final long MOST_CHARS = 16L << 20;
  private static final Duration FIRST_GAP = Duration.ofSeconds(1);

  private final LineFile file;
  private final Consumer<String> said;
  private final TreeMap<Long, Line> live = new TreeMap<>();
  private long next;
  private long chars;
  private boolean full;

  /** A line that may still change. */
  private static final class Line {
    private String text;
    private long writtenAt;
    private long gap = FIRST_GAP.toNanos();
    private boolean waits;

    Line(String text, long writtenAt) {
      this.text = text;
      this.writtenAt = writtenAt;
    }
  }

  /**
   * The console below a folder.
   *
   * @param said told once that no more is kept
   */
  Console(FileSystem files, Path folder, Consumer<String> said) throws IOException {
    this.file = new LineFile(files, folder.resolve("output.log"));
    this.said = said;
    this.next = LineFile.count(file.path());
  }

  /** The number of the next line. */
  long next() {
    return next;
  }

  /** Takes lines from a number on. */
  void lines(long offset, Iterable<String> lines, long nanos) throws IOException {
    long number = offset;
    for (String line : lines) {
      take(number++, line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) : line, nanos);
    }
    while (live.size() > LIVE) {
      settle(live.pollFirstEntry());
    }
    file.write();
  }

  private void take(long number, String text, long nanos) {
    Line line = live.get(number);
    if (line == null) {
      live.put(number, new Line(text, nanos));
      next = Math.max(next, number + 1);
      add(number, text);
    } else if (!line.text.equals(text)) {
      line.text = text;
      line.waits = nanos - line.writtenAt < line.gap;
      if (!line.waits) {
        line.writtenAt = nanos;
        line.gap *= 2;
        add(number, text);
      }
    }
  }

  private void settle(Map.Entry<Long, Line> entry) {
    if (entry.getValue().waits) {
      add(entry.getKey(), entry.getValue().text);
    }
  }

  private void add(long number, String text) {
    if (chars < MOST_CHARS) {
      String record = "{\"number\":" + number + ",\"line\":" + Json.quoted(text) + "}";
      chars += record.length();
      file.add(record);
    } else if (!full) {
      full = true;
      said.accept(
          "The console for W&B is kept up to line " + number + ": run.log of this claim goes on");
    }
  }

  /** Writes what waited, and closes the file. */
  void close() throws IOException {
    live.entrySet().forEach(this::settle);
    live.clear();
    file.write();
    file.close();
  }
}
