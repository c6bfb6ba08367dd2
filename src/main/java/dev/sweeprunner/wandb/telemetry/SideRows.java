package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Members;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.json.ValueJson.Verbatim;
import dev.sweeprunner.layout.SideRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a run beside another, of all its claims: each step once, as the newest claim logged
 * it, by growing steps. What a claim's program went on from is where the rows of those before it
 * end, once it has logged any of its own; where its program names steps, each takes the place of
 * that step alone. Belongs to one thread.
 */
final class SideRows {
  private static final int CHUNK = 1_000;

  private final List<Lane> lanes;
  private final boolean grows;

  private SideRows(List<Lane> lanes, boolean grows) {
    this.lanes = lanes;
    this.grows = grows;
  }

  /**
   * Rows from the first one on.
   *
   * @param epoch the newest claim
   * @param over whether that has ended
   */
  static SideRows of(Tracks tracks, RunKey key, int epoch, boolean over) throws IOException {
    List<Lane> lanes = new ArrayList<>();
    for (int claim : tracks.holders(key, epoch)) {
      lanes.add(Lane.in(tracks.files(), tracks.folder(key, claim), claim));
    }
    long end = Long.MAX_VALUE;
    for (int i = lanes.size() - 1; i >= 0; i--) {
      Lane lane = lanes.get(i);
      lane.end = end;
      Row first = lane.peek();
      end = first == null ? end : Math.min(end, lane.rule.before(first));
    }
    boolean open = !lanes.isEmpty() && lanes.get(lanes.size() - 1).claim == epoch;
    return new SideRows(lanes, open && !over);
  }

  /**
   * Whether they are others by now: another claim has logged some, or one is seen to name steps.
   */
  boolean stale(Tracks tracks, RunKey key, int epoch) throws IOException {
    List<Integer> claims = tracks.holders(key, epoch);
    if (claims.size() != lanes.size()) {
      return true;
    }
    for (Lane lane : lanes) {
      boolean begins = lane.empty && lane.peek() != null;
      Rule now = Rule.in(tracks.files(), tracks.folder(key, lane.claim));
      if (begins || !now.equals(lane.rule)) {
        return true;
      }
    }
    return false;
  }

  /** Whether some may be held back until the newest claim has ended. */
  boolean waits() {
    return grows;
  }

  /**
   * A row.
   *
   * @param text as a line of W&amp;B's history
   */
  record Row(long step, String text) {
    /** Its members, each as it was written. */
    Map<String, Object> members() {
      Map<String, Object> members = new LinkedHashMap<>();
      texts().forEach((name, value) -> members.put(name, new Verbatim(value)));
      return members;
    }

    /** The seconds that it shows. */
    double runtime() {
      try {
        return Double.parseDouble(texts().getOrDefault("_runtime", "0"));
      } catch (NumberFormatException none) {
        return 0;
      }
    }

    private Map<String, String> texts() {
      try {
        return Members.of(text);
      } catch (UnreadableJson e) {
        throw new IllegalStateException("row " + step + " is no JSON", e);
      }
    }
  }

  /**
   * The next rows, at least one if there is one. Of claims before one that goes on, those that it
   * may still replace come later.
   *
   * @param most rows
   * @param mostChars in them
   */
  List<Row> next(int most, long mostChars) throws IOException {
    List<Row> rows = new ArrayList<>();
    long chars = 0;
    for (Lane lane = first(); lane != null && rows.size() < most; lane = first()) {
      Row row = lane.peek();
      chars += row == null ? 0 : row.text().length();
      if (row == null || (chars > mostChars && !rows.isEmpty())) {
        break;
      }
      for (Lane each : lanes) {
        each.pass(row.step());
      }
      rows.add(row);
    }
    return rows;
  }

  /** Passes over so many rows. */
  void skip(long count) throws IOException {
    long left = count;
    while (left > 0) {
      int passed = next((int) Math.min(CHUNK, left), Long.MAX_VALUE).size();
      left = passed == 0 ? 0 : left - passed;
    }
  }

  /** How many there are. */
  long count() throws IOException {
    long count = 0;
    for (int more = next(CHUNK, Long.MAX_VALUE).size(); more > 0; ) {
      count += more;
      more = next(CHUNK, Long.MAX_VALUE).size();
    }
    return count;
  }

  /** Where the next row is; of those of one step the newest. */
  private @Nullable Lane first() throws IOException {
    Lane first = null;
    long step = Long.MAX_VALUE;
    for (Lane lane : lanes) {
      Row head = lane.peek();
      if (head != null && head.step() <= step) {
        first = lane;
        step = head.step();
      }
    }
    Lane newest = lanes.isEmpty() ? null : lanes.get(lanes.size() - 1);
    boolean waits = grows && newest != null && !newest.empty && newest.peek() == null;
    return waits ? null : first;
  }

  /**
   * How a claim's rows stand to those before them.
   *
   * @param after the step that its program went on from; null where nothing told
   * @param names whether the program names its steps
   */
  private record Rule(@Nullable Long after, boolean names) {
    static Rule in(FileSystem files, Path folder) throws IOException {
      boolean names = Files.exists(SideRuns.habit(folder));
      try {
        Fields start = Fields.of(files.read(SideRuns.start(folder)));
        boolean told = start.members().containsKey("after");
        return new Rule(told ? (Long) start.number("after") : null, names);
      } catch (NoSuchFileException | UnreadableJson untold) {
        return new Rule(null, names);
      }
    }

    /** The last step before this claim's first row that counts. */
    long before(Row first) {
      if (after != null) {
        return after;
      }
      return names ? Long.MAX_VALUE : first.step() - 1;
    }
  }

  /** The rows of one claim. */
  private static final class Lane {
    private final int claim;
    private final Rule rule;
    private final ClaimsLines lines;
    private final Deque<Row> ready = new ArrayDeque<>();
    private long end;
    private long passed = -1;
    private boolean empty = true;

    private Lane(int claim, Rule rule, ClaimsLines lines) {
      this.claim = claim;
      this.rule = rule;
      this.lines = lines;
    }

    static Lane in(FileSystem files, Path folder, int claim) throws IOException {
      Lane lane =
          new Lane(claim, Rule.in(files, folder), new ClaimsLines(List.of(SideRuns.rows(folder))));
      lane.end = Long.MAX_VALUE;
      lane.empty = lane.peek() == null;
      return lane;
    }

    /** The next row that counts. */
    @Nullable Row peek() throws IOException {
      while (ready.isEmpty()) {
        List<ClaimsLines.Line> more = lines.next(CHUNK);
        if (more.isEmpty()) {
          return null;
        }
        more.forEach(line -> take(line.text()));
      }
      Row head = ready.getFirst();
      return head.step() <= end ? head : null;
    }

    private void take(String line) {
      long step = step(line);
      if (step > passed) {
        passed = step;
        ready.addLast(new Row(step, line));
      }
    }

    /** The row of this step is given. */
    void pass(long step) throws IOException {
      Row head = peek();
      if (head != null && head.step() == step) {
        ready.removeFirst();
      }
    }

    private static long step(String line) {
      try {
        return Long.parseLong(Members.of(line).getOrDefault("_step", "-1"));
      } catch (UnreadableJson | NumberFormatException damaged) {
        return -1;
      }
    }
  }
}
