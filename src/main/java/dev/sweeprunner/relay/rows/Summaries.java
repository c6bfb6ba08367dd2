package dev.sweeprunner.relay.rows;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.MemberText;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Logged;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The summary as of a row: the newest that the client has sent before it, with what the rows since
 * then have logged. Bounded: of very many it forgets every second. Guarded by its book.
 */
final class Summaries {
  private static final int MOST = 256;
  private static final long MOST_CHARS = 4L << 20;

  private final Path rows;
  private final Deque<Told> told = new ArrayDeque<>();
  private long chars;

  /**
   * A summary that was sent.
   *
   * @param step of the row as of which it is
   * @param position in the file of rows, before which no row after it lies
   */
  private record Told(long step, String summary, long position) {}

  /**
   * Begins with what the client was told.
   *
   * @param rows the file of this claim's rows
   * @param step as of which that is, or -1
   */
  Summaries(Path rows, long step, String summary) {
    this.rows = rows;
    told.add(new Told(step, summary, 0));
    chars = summary.length();
  }

  /** The client has sent one. */
  void told(long step, String summary, long position) {
    Told last = told.getLast();
    if (step < last.step()) {
      return;
    }
    if (step == last.step()) {
      told.removeLast();
      chars -= last.summary().length();
    }
    told.add(new Told(step, summary, step == last.step() ? last.position() : position));
    chars += summary.length();
    if (told.size() > MOST || chars > MOST_CHARS) {
      thin();
    }
  }

  /** The oldest and the newest stay. */
  private void thin() {
    List<Told> all = new ArrayList<>(told);
    told.clear();
    chars = 0;
    for (int i = 0; i < all.size(); i++) {
      if (i % 2 == 0 || i == all.size() - 1) {
        told.add(all.get(i));
        chars += all.get(i).summary().length();
      }
    }
  }

  /** The one as of a row; steps that are asked for grow. */
  String asOf(long step, Signs signs) {
    while (told.size() > 1 && second().step() <= step) {
      told.removeFirst();
    }
    Told base = told.getFirst();
    if (base.step() >= step) {
      return base.summary();
    }
    Sum sum = new Sum(base.summary(), signs.summarized());
    LineFile.each(
        rows,
        base.position(),
        row -> {
          if (row.step() > base.step() && row.step() <= step) {
            sum.add(row);
          }
          return row.step() < step;
        });
    return sum.text();
  }

  /** A summary, with what rows after it have logged. */
  static String with(String summary, Collection<Logged> rows, Signs signs) {
    if (rows.isEmpty()) {
      return summary;
    }
    Sum sum = new Sum(summary, signs.summarized());
    rows.forEach(sum::add);
    return sum.text();
  }

  /** The step of the row as of which a summary is; empty if it does not say. */
  static OptionalLong step(String summary) {
    try {
      Fields fields = Fields.of(summary.getBytes(StandardCharsets.UTF_8));
      return fields.members().get("_step") instanceof Long step
          ? OptionalLong.of(step)
          : OptionalLong.empty();
    } catch (UnreadableJson none) {
      return OptionalLong.empty();
    }
  }

  private Told second() {
    var each = told.iterator();
    each.next();
    return each.next();
  }

  /**
   * What a client sends, on the run's own steps and seconds.
   *
   * @param step of the row as of which it is
   * @param runtime that was there before this life, seconds
   */
  static String onTheRun(String summary, long step, double runtime) {
    try {
      Map<String, String> members = members(summary);
      members.computeIfPresent("_step", (name, value) -> Long.toString(step));
      members.computeIfPresent("_runtime", (name, value) -> later(value, runtime));
      members.computeIfPresent("_wandb", (name, value) -> inside(value, runtime));
      return object(members);
    } catch (UnreadableJson none) {
      return summary;
    }
  }

  private static String inside(String wandb, double runtime) {
    try {
      Map<String, String> members = members(wandb);
      members.computeIfPresent("runtime", (name, value) -> later(value, runtime));
      return object(members);
    } catch (UnreadableJson none) {
      return wandb;
    }
  }

  private static String later(String seconds, double runtime) {
    try {
      return Long.toString((long) (Double.parseDouble(seconds) + runtime));
    } catch (NumberFormatException none) {
      return seconds;
    }
  }

  private static Map<String, String> members(String object) throws UnreadableJson {
    Map<String, String> members = new LinkedHashMap<>();
    for (MemberText member : MemberText.of(object)) {
      members.put(member.name(), member.value());
    }
    return members;
  }

  private static String object(Map<String, String> members) {
    StringBuilder text = new StringBuilder("{");
    members.forEach(
        (name, value) ->
            text.append(text.length() == 1 ? "" : ",")
                .append(Json.quoted(name))
                .append(':')
                .append(value));
    return text.append('}').toString();
  }

  /** A summary to which rows are added. */
  private static final class Sum {
    private final Map<String, String> members = new LinkedHashMap<>();
    private final Set<String> summarized;

    Sum(String summary, Set<String> summarized) {
      this.summarized = summarized;
      try {
        members.putAll(members(summary));
      } catch (UnreadableJson none) {
        // begins with the rows
      }
    }

    void add(Logged row) {
      try {
        members("{" + row.members() + "}").forEach(this::add);
      } catch (UnreadableJson none) {
        return;
      }
      members.put("_step", Long.toString(row.step()));
      members.put("_runtime", Long.toString((long) row.runtime()));
      members.put("_timestamp", Logged.decimal(row.timestamp()));
    }

    private void add(String name, String value) {
      boolean own = summarized.contains(name) && members.containsKey(name);
      if (!own && !value.equals("null")) {
        members.put(name, value);
      }
    }

    String text() {
      return object(members);
    }
  }
}
