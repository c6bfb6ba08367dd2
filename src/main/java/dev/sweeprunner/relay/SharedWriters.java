package dev.sweeprunner.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.relay.rows.Book;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Several processes that write one run together ({@code mode="shared"}). Each counts its lines for
 * itself, and none of their rows has a step: the lines follow one another as they arrive, and each
 * row gets the next step. Guarded by its run.
 */
final class SharedWriters {
  private static final int MOST = 1000;

  private final Book book;
  private final Map<String, Long> next = new HashMap<>();
  private long events = -1;
  private long console = -1;
  private long step = -1;

  SharedWriters(Book book) {
    this.book = book;
  }

  void history(String writer, long offset, List<String> lines) throws IOException {
    Book.Known known = book.known();
    long first = Math.max(step, known.tail() + 1);
    List<String> fresh = fresh("h" + writer, offset, lines);
    List<String> stepped = new ArrayList<>();
    for (String line : fresh) {
      stepped.add(withStep(line, first + stepped.size()));
    }
    book.history(known.historyLines(), stepped);
    step = first + stepped.size();
    took("h" + writer, offset, lines);
  }

  void events(String writer, long offset, List<String> lines) throws IOException {
    List<String> fresh = fresh("e" + writer, offset, lines);
    events = Math.max(events, book.known().eventsLines());
    book.events(events, fresh);
    events += fresh.size();
    took("e" + writer, offset, lines);
  }

  void console(String writer, long offset, List<String> lines) throws IOException {
    List<String> fresh = fresh("c" + writer, offset, lines);
    console = Math.max(console, book.known().consoleLines());
    book.console(console, fresh);
    console += fresh.size();
    took("c" + writer, offset, lines);
  }

  /** The lines that this writer has not posted before. */
  private List<String> fresh(String writer, long offset, List<String> lines) {
    if (next.size() >= MOST && !next.containsKey(writer)) {
      return List.of();
    }
    long again = Math.max(0, next.getOrDefault(writer, offset) - offset);
    return lines.subList((int) Math.min(lines.size(), again), lines.size());
  }

  private void took(String writer, long offset, List<String> lines) {
    if (next.size() < MOST || next.containsKey(writer)) {
      next.merge(writer, offset + lines.size(), Math::max);
    }
  }

  private static String withStep(String line, long step) {
    int brace = line.indexOf('{');
    try {
      Map<String, ?> row = Json.object(line.getBytes(UTF_8));
      if (row.containsKey("_step")) {
        return line;
      }
      String more = row.isEmpty() ? "" : ",";
      return "{\"_step\":" + step + more + line.substring(brace + 1);
    } catch (UnreadableJson e) {
      return line; // The book says what it does with it.
    }
  }
}
