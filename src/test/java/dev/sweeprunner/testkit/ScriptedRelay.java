package dev.sweeprunner.testkit;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.TrackedRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A relay without a network: a program speaks to it by lines in the file {@code $RELAY_FILE}, which
 * may be {@code hello}, {@code post} (its client has sent what it had), {@code bye}, or a line of
 * the history. {@code $RELAY_TAIL} is the step after which it goes on.
 */
public final class ScriptedRelay implements Relay {
  /** What was opened, in order. */
  public final List<Opening> openings = new CopyOnWriteArrayList<>();

  /** The lives of these, in order. */
  public final List<ScriptedLife> lives = new CopyOnWriteArrayList<>();

  /** What is noticed of the first rows of each life; empty for nothing. */
  public volatile String noticed = "";

  private final Layout layout;
  private final Path folder;

  /** A relay whose files lie in this folder. */
  public ScriptedRelay(Path storage, Path folder) {
    this.layout = new Layout(storage);
    this.folder = folder;
  }

  @Override
  public Life open(Opening opening) {
    openings.add(opening);
    ScriptedLife life =
        new ScriptedLife(
            opening,
            noticed,
            folder.resolve("relay-" + openings.size()),
            layout.loggedRows(opening.run().point().key(), opening.run().claim().epoch()));
    lives.add(life);
    return life;
  }

  /** One life. */
  public static final class ScriptedLife implements Life {
    private final Opening opening;
    private String noticed;
    private final Path file;
    private final Path kept;
    private final TreeMap<Long, Row> rows = new TreeMap<>();
    private int lines;
    private int posts;
    private boolean spoken;
    private boolean complete;
    private long given;
    private volatile boolean closed;

    ScriptedLife(Opening opening, String noticed, Path file, Path kept) {
      this.opening = opening;
      this.noticed = noticed;
      this.file = file;
      this.kept = kept;
      this.given = tail();
    }

    private long tail() {
      return opening.base() instanceof Base.At at ? at.step() : -1;
    }

    @Override
    public Map<String, String> environment() {
      return Map.of(
          "RELAY_FILE",
          file.toString(),
          "RELAY_TAIL",
          Long.toString(tail()),
          "WANDB_API_KEY",
          "0123456789".repeat(4));
    }

    private synchronized void read() {
      if (closed || !Files.exists(file)) {
        return;
      }
      try {
        String text = Files.readString(file);
        List<String> all = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        for (String line : all.subList(lines, all.size())) {
          take(line);
        }
        lines = all.size();
      } catch (IOException | UnreadableJson e) {
        throw new IllegalStateException(e);
      }
    }

    private void take(String line) throws IOException, UnreadableJson {
      switch (line) {
        case "hello" -> spoken = true;
        case "post" -> posts++;
        case "bye" -> complete = true;
        default -> {
          Fields fields = Fields.of(line.getBytes(java.nio.charset.StandardCharsets.UTF_8));
          Map<String, Double> wall =
              Map.of(
                  "timestamp", number(fields, "_timestamp"), "runtime", number(fields, "_runtime"));
          String members =
              line.replaceAll("\"_(step|timestamp|runtime)\":[^,}]*,?", "").replaceAll("[{}]", "");
          Row row = Row.logged(fields.number("_step"), members, wall);
          rows.put(row.step(), row);
          Files.writeString(
              kept, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
      }
    }

    private static double number(Fields fields, String name) {
      Double number = fields.decimalOrNull(name);
      return number == null ? 0 : number;
    }

    @Override
    public boolean spoken() {
      read();
      return spoken;
    }

    @Override
    public synchronized List<Row> rows() {
      read();
      List<Row> news = new ArrayList<>(rows.tailMap(given, false).values());
      news.forEach(row -> given = row.step());
      if (!news.isEmpty() && !noticed.isEmpty()) {
        opening.log().accept(noticed);
        noticed = "";
      }
      return news;
    }

    @Override
    public List<Row> rest() {
      return rows();
    }

    @Override
    public synchronized OptionalLong stepAt(double moment) {
      read();
      long base = tail();
      OptionalLong newest =
          rows.values().stream()
              .filter(row -> row.wall().get("timestamp") <= moment)
              .mapToLong(Row::step)
              .max();
      return newest.isEmpty() && base >= 0 ? OptionalLong.of(base) : newest;
    }

    @Override
    public synchronized boolean covers(double moment) {
      read();
      return complete
          || rows.values().stream().anyMatch(row -> row.wall().get("timestamp") > moment);
    }

    @Override
    public void awaitPosts(Duration longest) {
      read();
      int before = posts;
      long until = System.nanoTime() + longest.toNanos();
      while (posts < before + 2 && !complete && System.nanoTime() < until) {
        try {
          Thread.sleep(10);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
        read();
      }
    }

    /** Checkpoints that are about to be published: a step, and when. */
    public final Map<Long, Double> marks = new ConcurrentHashMap<>();

    @Override
    public void mark(long step, double moment) {
      marks.put(step, moment);
    }

    @Override
    public TrackedRun tracked(long step) {
      return new TrackedRun(
          "{\"lr\":{\"value\":1}}", "{\"at\":" + step + "}", TrackedRun.Names.NONE);
    }

    @Override
    public synchronized boolean complete() {
      read();
      return complete;
    }

    @Override
    public void close() {
      read();
      closed = true;
    }

    /** Whether it takes nothing more. */
    public boolean closed() {
      return closed;
    }
  }

  /** The lines of history that a claim's program was told have arrived. */
  public static List<String> kept(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
