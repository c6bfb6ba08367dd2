package dev.sweeprunner.testkit.wandb;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One run on the server. All methods may be called by any thread. */
public final class FakeRun {
  private final RunAddress address;
  private final Instant created;
  private final int number;
  private final RunBook book;
  private final StoredLines history = new StoredLines();
  private final StoredLines events = new StoredLines();
  private final StoredLines log = new StoredLines();
  private final Set<String> uploaded = new TreeSet<>();
  private final Map<String, byte[]> files = new TreeMap<>();
  private final Map<String, StoredLines> others = new TreeMap<>();
  private final Deque<Snapshot> past = new ArrayDeque<>();
  private final List<Map<String, @Nullable Object>> alerts = new ArrayList<>();
  private int posts;

  FakeRun(RunAddress address, Instant created, int number, RunBook book, boolean pending) {
    this.address = address;
    this.created = created;
    this.number = number;
    this.book = book;
    past.add(
        new Snapshot(
            created,
            Life.created(created, pending),
            Map.of("displayName", "calm-run-" + number),
            new JsonText("{}"),
            new JsonText("{}"),
            Tally.NONE));
  }

  /** Where it is. */
  public RunAddress address() {
    return address;
  }

  /** The state that the server shows now, without lag. */
  public String state() {
    return newest().life().state(book.now(), book.patience());
  }

  /** The end's code, or null. */
  public @Nullable Integer exitCode() {
    return newest().life().exitCode();
  }

  /** The config with its wrapping. */
  public Map<String, @Nullable Object> config() {
    return Collections.unmodifiableMap(newest().config().members());
  }

  /** Newest values. */
  public Map<String, @Nullable Object> summary() {
    return Collections.unmodifiableMap(newest().summary().members());
  }

  /** The history's lines; null where one is missing. */
  public List<@Nullable String> history() {
    return history.all();
  }

  /** How many history lines were replaced by different ones. */
  public int rewrittenHistory() {
    return history.rewritten();
  }

  /** The lines of system metrics; null where one is missing. */
  public List<@Nullable String> events() {
    return events.all();
  }

  /** The console log; null where a line is missing. */
  public List<@Nullable String> log() {
    return log.all();
  }

  /** The files that the client says it uploaded. */
  public synchronized Set<String> uploaded() {
    return new TreeSet<>(uploaded);
  }

  /** The bytes that were put under a name, or null. */
  public synchronized byte @Nullable [] file(String name) {
    byte[] bytes = files.get(name);
    return bytes == null ? null : bytes.clone();
  }

  /**
   * What people were to be told, each time it was asked for: title, text, severity, waitDuration.
   * Which of those the real server keeps to itself, since it told one of that title lately, nobody
   * outside can see.
   */
  public synchronized List<Map<String, @Nullable Object>> alerts() {
    return List.copyOf(alerts);
  }

  /** How often its file stream was written. */
  public synchronized int posts() {
    return posts;
  }

  /** The newest heartbeat. */
  public Instant heartbeat() {
    return newest().life().beat();
  }

  /** What upserts said: group, displayName, notes, host, tags and so on. */
  public Map<String, @Nullable Object> announced() {
    return newest().announced();
  }

  /** Makes the next answers on its stream say that it shall stop. */
  public void pressStop() {
    change(s -> with(s, s.life().stop()));
  }

  Instant created() {
    return created;
  }

  int number() {
    return number;
  }

  /** The lines of a streamed file. */
  synchronized StoredLines lines(String file) {
    return switch (file) {
      case "wandb-history.jsonl" -> history;
      case "wandb-events.jsonl" -> events;
      case "output.log" -> log;
      default -> others.computeIfAbsent(file, f -> new StoredLines());
    };
  }

  synchronized void alert(Map<String, @Nullable Object> alert) {
    alerts.add(alert);
  }

  synchronized void stored(String name, byte[] bytes) {
    files.put(name, bytes);
  }

  synchronized Map<String, byte[]> files() {
    return new TreeMap<>(files);
  }

  synchronized void posted(List<String> names) {
    uploaded.addAll(names);
    posts++;
  }

  synchronized void uploaded(List<String> names) {
    uploaded.addAll(names);
  }

  synchronized Snapshot newest() {
    return past.getLast();
  }

  /** What a read sees while reads lag, or null while even the creation is not to be seen. */
  synchronized @Nullable Snapshot visible() {
    Duration lag = book.lag();
    Instant horizon = book.now().minus(lag);
    if (!lag.isZero() && created.isAfter(horizon)) {
      return null;
    }
    Snapshot seen = past.getFirst();
    for (Snapshot snapshot : past) {
      seen = snapshot.at().isAfter(horizon) ? seen : snapshot;
    }
    return lag.isZero() ? past.getLast() : seen;
  }

  synchronized void change(UnaryOperator<Snapshot> by) {
    Instant now = book.now();
    Snapshot made = by.apply(past.getLast());
    Tally tally =
        new Tally(history.count(), events.count(), log.count(), history.last(), events.last());
    past.addLast(
        new Snapshot(now, made.life(), made.announced(), made.config(), made.summary(), tally));
    Instant horizon = now.minus(book.lag());
    Snapshot first = past.removeFirst();
    while (!past.isEmpty() && !past.getFirst().at().isAfter(horizon)) {
      first = past.removeFirst();
    }
    past.addFirst(first);
  }

  static Snapshot with(Snapshot s, Life life) {
    return new Snapshot(s.at(), life, s.announced(), s.config(), s.summary(), s.tally());
  }

  static Snapshot withSummary(Snapshot s, String summary) {
    return new Snapshot(
        s.at(), s.life(), s.announced(), s.config(), new JsonText(summary), s.tally());
  }

  static Snapshot withConfig(Snapshot s, String config) {
    return new Snapshot(
        s.at(), s.life(), s.announced(), new JsonText(config), s.summary(), s.tally());
  }

  static Snapshot withAnnounced(Snapshot s, Map<String, @Nullable Object> fields) {
    Map<String, @Nullable Object> merged = new LinkedHashMap<>(s.announced());
    merged.putAll(fields);
    return new Snapshot(
        s.at(), s.life(), Collections.unmodifiableMap(merged), s.config(), s.summary(), s.tally());
  }
}
