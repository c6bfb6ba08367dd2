package dev.sweeprunner.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Logged;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.TrackedRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the programs of dead claims have logged to the relay and no publish covers, as one history:
 * each claim went on from a step of the one before, and what that had beyond is not part of it.
 * What cannot be read is left out.
 */
final class DeadRows {
  private final TreeMap<Long, Logged> rows = new TreeMap<>();
  private final long from;
  private TrackedRun run = TrackedRun.UNSAID;

  private DeadRows(long from) {
    this.from = from;
  }

  /** Whether any claim before this one has logged. */
  static boolean any(Layout layout, RunKey key, int epoch) {
    for (int dead = 1; dead < epoch; dead++) {
      try {
        if (Files.size(layout.loggedRows(key, dead)) > 0) {
          return true;
        }
      } catch (IOException none) {
        // it has not
      }
    }
    return false;
  }

  /**
   * Reads them.
   *
   * @param epoch the heir
   * @param from the first step that no publish covers
   */
  static DeadRows of(Layout layout, RunKey key, int epoch, long from) {
    DeadRows all = new DeadRows(from);
    for (int dead = 1; dead < epoch; dead++) {
      all.read(layout.loggedRows(key, dead));
      all.describe(layout.tracked(key, dead).resolve("run.json"));
    }
    return all;
  }

  private void read(Path file) {
    boolean first = true;
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(Files.newInputStream(file), UTF_8))) {
      for (String text = in.readLine(); text != null; text = in.readLine()) {
        Logged line = Logged.of(text, 0).orElse(null);
        if (line != null) {
          if (first) {
            rows.tailMap(line.step()).clear();
            first = false;
          }
          if (line.step() >= from) {
            rows.put(line.step(), line);
          }
        }
      }
    } catch (IOException none) {
      // it has logged nothing
    }
  }

  private void describe(Path file) {
    try {
      run = TrackedRun.read(Files.readAllBytes(file));
    } catch (IOException | UnreadableJson none) {
      // what an earlier one has said stays
    }
  }

  /** The step of the newest row that was logged at or before a moment, seconds since 1970. */
  OptionalLong stepAt(double moment) {
    return rows.entrySet().stream()
        .filter(each -> each.getValue().timestamp() <= moment)
        .mapToLong(Map.Entry::getKey)
        .max();
  }

  /** The rows up to and with a step. */
  List<Row> upTo(long step) {
    List<Row> found = new ArrayList<>();
    for (Logged line : rows.headMap(step, true).values()) {
      try {
        found.add(line.row());
      } catch (UnreadableJson odd) {
        // left out
      }
    }
    return found;
  }

  /** All of them. */
  List<Row> all() {
    return upTo(Long.MAX_VALUE);
  }

  /** The runtime that the row of a step shows, seconds; 0 if there is none. */
  double runtime(long step) {
    @Nullable Logged line = rows.get(step);
    return line == null ? 0 : line.runtime();
  }

  /** The run as the newest claim has described it. */
  TrackedRun run() {
    return run;
  }
}
