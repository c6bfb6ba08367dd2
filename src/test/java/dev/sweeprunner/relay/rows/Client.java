package dev.sweeprunner.relay.rows;

import dev.sweeprunner.testkit.SettableClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * W&amp;B's client as it was seen to behave: takes the step after the tail it is told, merges rows
 * of one step, keeps the newest row of a named step to itself, posts once a second, describes the
 * run after 5 s, sends again what was not answered.
 */
@NullMarked
final class Client {
  private static final long POST_MILLIS = 1000;
  private static final long TELL_MILLIS = 5000;

  private final Book book;
  private final SettableClock clock;
  private final SplittableRandom random;
  private final Numbering numbering;
  private final double began;
  private final List<String> queue = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private final Set<String> answered = new HashSet<>();
  private final Map<String, String> summary = new LinkedHashMap<>();
  private @Nullable Map<String, String> pending;
  private double pendingAt;
  private long pendingStep;
  private long offset;
  private long eventOffset;
  private long step;
  private long postAt;
  private long tellAt;
  private boolean logged;
  private boolean described;
  private boolean told;
  private int refused;

  Client(Book book, SettableClock clock, SplittableRandom random, Numbering numbering) {
    this.book = book;
    this.clock = clock;
    this.random = random;
    this.numbering = numbering;
    this.began = now();
    Book.Known known = book.known();
    offset = known.historyLines();
    eventOffset = known.eventsLines();
    step = known.historyLines() > 0 ? known.tail() + 1 : 0;
    postAt = millis() + POST_MILLIS;
    while (!described) {
      describe(); // nothing begins before that was answered
    }
    told = false;
    tellAt = millis() + TELL_MILLIS;
  }

  /** Rows that it refused, with a warning each. */
  int refused() {
    return refused;
  }

  /** The names of all rows that the book has taken. */
  Set<String> answered() {
    return answered;
  }

  private double now() {
    return clock.now().toEpochMilli() / 1e3;
  }

  private long millis() {
    return clock.nanos() / 1_000_000;
  }

  /** {@code log(row)}. */
  void log(String members) {
    flush();
    hold(step, members);
    flush();
  }

  /** {@code log(row, step=named)}. */
  void log(String members, long named) {
    if (!logged) {
      logged = true;
      told = false;
      tellAt = millis() + TELL_MILLIS;
    }
    if (named < step || (pending != null && named < pendingStep)) {
      refused++;
      return;
    }
    if (pending != null && named > pendingStep) {
      flush();
    }
    step = named;
    hold(named, members);
  }

  private void hold(long at, String members) {
    Map<String, String> open = pending == null ? new LinkedHashMap<>() : pending;
    for (String member : members.split(",", -1)) {
      open.put(member.substring(0, member.indexOf(':')), member);
    }
    pending = open;
    pendingStep = at;
    pendingAt = now();
  }

  private void flush() {
    Map<String, String> open = pending;
    if (open == null) {
      return;
    }
    List<String> members = new ArrayList<>(open.values());
    members.add(random.nextInt(members.size() + 1), "\"_step\":" + pendingStep);
    members.add(random.nextInt(members.size() + 1), "\"_timestamp\":" + pendingAt);
    members.add(random.nextInt(members.size() + 1), "\"_runtime\":" + (pendingAt - began));
    queue.add("{" + String.join(",", members) + "}");
    members.forEach(member -> summary.put(member.substring(0, member.indexOf(':')), member));
    pending = null;
    step = pendingStep + 1;
  }

  /** A second of system metrics. */
  void event(String line) {
    events.add(line);
  }

  /** Time has gone by: does what is due. */
  void tick() {
    if (millis() >= tellAt && !told) {
      told = true;
      describe();
    }
    if (millis() >= postAt && !(queue.isEmpty() && events.isEmpty())) {
      postAt = millis() + POST_MILLIS;
      post(random.nextInt(4) == 0 ? random.nextInt(queue.size() + 1) : queue.size());
    }
  }

  private void describe() {
    String features = logged && numbering == Numbering.EXPLICIT ? "5,61" : "5";
    String metrics =
        described && numbering == Numbering.AXIS
            ? "{\"1\":\"x\"},{\"1\":\"loss\",\"5\":1,\"6\":[1]}"
            : "";
    Map<String, @Nullable Object> variables = new HashMap<>();
    variables.put(
        "config",
        "{\"lr\":{\"value\":0.1},\"_wandb\":{\"value\":{\"t\":{\"3\":["
            + features
            + "]},\"m\":["
            + metrics
            + "]}}}");
    try {
      book.described(variables);
      described = true; // what is defined at the start is told 5 s later
    } catch (IOException full) {
      tellAt = millis() + POST_MILLIS; // again
      told = false;
    }
  }

  /** One post; any answer, and the post itself, may be lost. */
  private void post(int lines) {
    book.begun();
    int fate = random.nextInt(12);
    try {
      if (fate != 0) {
        List<String> posted = List.copyOf(queue.subList(0, lines));
        book.history(offset, posted);
        posted.forEach(line -> answered.add(Script.id(line)));
        book.events(eventOffset, List.copyOf(events));
        book.summary(summaryText());
      }
      if (fate > 1) {
        offset += lines;
        queue.subList(0, lines).clear();
        eventOffset += events.size();
        events.clear();
      }
    } catch (IOException full) {
      // the same again, next time
    } finally {
      book.ended();
    }
  }

  private String summaryText() {
    StringJoiner text = new StringJoiner(",", "{", "}");
    summary.values().forEach(text::add);
    return text.toString();
  }

  /** {@code finish()}. */
  void finish() {
    flush();
    while (!queue.isEmpty()) {
      post(queue.size());
    }
    for (told = false; !told; ) {
      told = true;
      describe();
    }
    for (boolean done = false; !done; ) {
      try {
        book.complete(0);
        done = true;
      } catch (IOException full) {
        // the same again
      }
    }
  }
}
