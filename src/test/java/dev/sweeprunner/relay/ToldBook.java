package dev.sweeprunner.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.relay.rows.ClaimBook;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.TrackedAlert;
import dev.sweeprunner.run.TrackedRun;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A book in memory, by hand: lines by their numbers. */
final class ToldBook implements ClaimBook {
  private final TreeMap<Long, String> history = new TreeMap<>();
  private final TreeMap<Long, String> events = new TreeMap<>();
  private final TreeMap<Long, String> console = new TreeMap<>();
  private final List<Map<String, @Nullable Object>> described = new ArrayList<>();
  private final List<TrackedAlert> alerts = new ArrayList<>();
  private final long tail;
  private final long first;
  private final boolean there;
  private final String oldConfig;
  private String summary;
  private @Nullable Integer exitCode;
  private int underWay;
  private int begun;
  private boolean closed;
  private volatile boolean full;
  private volatile boolean broken;
  private volatile @Nullable CountDownLatch held;

  /** A book of a run that is new, or goes on. */
  ToldBook(Relay.Base base) {
    there = base instanceof Relay.Base.At;
    first = there ? 1 : 0;
    tail = base instanceof Relay.Base.At at ? at.step() : -1;
    summary = base instanceof Relay.Base.At at ? at.tracked().summary() : "{}";
    oldConfig = base instanceof Relay.Base.At at ? at.tracked().config() : "{}";
  }

  /** From now on nothing can be written, or everything again. */
  void full(boolean now) {
    full = now;
  }

  /** From now on it fails in a way that nobody foresaw. */
  void breaks() {
    broken = true;
  }

  /** From now on history is taken only once the latch is open. */
  void holds(CountDownLatch until) {
    held = until;
  }

  synchronized List<String> lines() {
    return List.copyOf(history.values());
  }

  synchronized List<Long> steps() {
    List<Long> steps = new ArrayList<>();
    history.values().forEach(line -> steps.add(step(line)));
    return steps;
  }

  synchronized List<String> console() {
    return List.copyOf(console.values());
  }

  synchronized List<String> eventLines() {
    return List.copyOf(events.values());
  }

  synchronized String summary() {
    return summary;
  }

  synchronized List<Map<String, @Nullable Object>> told() {
    return List.copyOf(described);
  }

  synchronized List<TrackedAlert> alerts() {
    return List.copyOf(alerts);
  }

  synchronized @Nullable Integer exitCode() {
    return exitCode;
  }

  synchronized int underWay() {
    return underWay;
  }

  synchronized int begunInAll() {
    return begun;
  }

  synchronized boolean closed() {
    return closed;
  }

  @Override
  public synchronized Known known() {
    long newest = history.isEmpty() ? tail : step(history.lastEntry().getValue());
    return new Known(
        there || !described.isEmpty(),
        history.isEmpty() ? first : history.lastKey() + 1,
        events.isEmpty() ? 0 : events.lastKey() + 1,
        console.isEmpty() ? 0 : console.lastKey() + 1,
        newest,
        oldConfig,
        summary);
  }

  @Override
  public synchronized void begun() {
    underWay++;
    begun++;
  }

  @Override
  public synchronized void ended() {
    underWay--;
  }

  @Override
  public void history(long offset, List<String> lines) throws IOException {
    CountDownLatch latch = held;
    if (latch != null) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    put(history, offset, lines);
  }

  @Override
  public synchronized void summary(String json) throws IOException {
    refuse();
    summary = json;
  }

  @Override
  public void events(long offset, List<String> lines) throws IOException {
    put(events, offset, lines);
  }

  @Override
  public void console(long offset, List<String> lines) throws IOException {
    put(console, offset, lines);
  }

  @Override
  public synchronized void alert(TrackedAlert alert) throws IOException {
    refuse();
    alerts.add(alert);
  }

  @Override
  public synchronized void described(Map<String, @Nullable Object> variables) throws IOException {
    refuse();
    described.add(variables);
    exitCode = null;
  }

  @Override
  public synchronized void complete(int code) throws IOException {
    refuse();
    exitCode = code;
  }

  @Override
  public synchronized boolean complete() {
    return exitCode != null;
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  @Override
  public List<Row> rows() {
    return List.of();
  }

  @Override
  public List<Row> rest() {
    return List.of();
  }

  @Override
  public OptionalLong stepAt(double moment) {
    return OptionalLong.empty();
  }

  @Override
  public boolean covers(double moment) {
    return false;
  }

  @Override
  public TrackedRun tracked(long step) {
    return TrackedRun.UNSAID;
  }

  private synchronized void put(TreeMap<Long, String> to, long offset, List<String> lines)
      throws IOException {
    refuse();
    for (String line : lines) {
      to.putIfAbsent(offset++, line);
    }
  }

  private void refuse() throws IOException {
    if (broken) {
      throw new IllegalStateException("nobody foresaw this");
    }
    if (full) {
      throw new FileSystemException("/root/rows", null, "No space left on device");
    }
  }

  private static long step(String line) {
    try {
      return Fields.of(line.getBytes(UTF_8)).number("_step");
    } catch (UnreadableJson e) {
      return -1;
    }
  }
}
