package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The console lines of a run's program, those of one claim after those of the one before it: the
 * same line has the same number at W&amp;B whoever sends it. A line may change for a while. Those
 * of dead claims that W&amp;B has are not sent again. Belongs to one thread.
 */
final class ProgramConsole {
  private static final int MOST = 10_000;

  /** Lines of a claim that may still change. */
  private static final int LIVE = 1_000;

  private final ClaimsLines records;
  private final long there;
  private final boolean dead;
  private final TreeMap<Long, String> changed = new TreeMap<>();
  private final TreeMap<Long, Long> numbers = new TreeMap<>();
  private int claim = -1;
  private long next;

  /**
   * The console behind what W&amp;B has.
   *
   * @param records one JSON object each, {@code {"number":3,"line":"…"}}, numbered by each claim
   *     for itself; of a number the last one counts
   * @param there lines that W&amp;B has
   * @param dead whether the newest claim is dead too
   */
  ProgramConsole(ClaimsLines records, long there, boolean dead) {
    this.records = records;
    this.there = there;
    this.dead = dead;
  }

  /** Lines that follow one another, and the number of the first. */
  record Block(long first, List<String> lines) {
    static final Block NONE = new Block(0, List.of());
  }

  /** The first lines that have not arrived, at most so many. */
  Block peek(int most) throws IOException {
    while (changed.size() < MOST && read()) {
      // there may be more
    }
    if (changed.isEmpty()) {
      return Block.NONE;
    }
    long first = changed.firstKey();
    List<String> lines = new ArrayList<>();
    for (Map.Entry<Long, String> line : changed.entrySet()) {
      if (lines.size() == most || line.getKey() != first + lines.size()) {
        break;
      }
      lines.add(line.getValue());
    }
    return new Block(first, lines);
  }

  /** They have arrived, as they were then. */
  void sent(Block block) {
    long number = block.first();
    for (String line : block.lines()) {
      changed.remove(number++, line);
    }
  }

  private boolean read() throws IOException {
    List<ClaimsLines.Line> more = records.next(MOST);
    more.forEach(this::take);
    return !more.isEmpty();
  }

  private void take(ClaimsLines.Line record) {
    try {
      Fields fields = Fields.of(record.text().getBytes(StandardCharsets.UTF_8));
      String line = fields.text("line");
      long number = number(record.claim(), fields.number("number"));
      if (number >= there || (records.newest(record) && !dead)) {
        changed.put(number, line);
      }
    } catch (UnreadableJson damaged) {
      // The others tell what can be told.
    }
  }

  private long number(int of, long own) {
    if (of != claim) {
      claim = of;
      numbers.clear();
    }
    Long known = numbers.get(own);
    if (known != null) {
      return known;
    }
    numbers.put(own, next);
    if (numbers.size() > LIVE) {
      numbers.pollFirstEntry();
    }
    return next++;
  }
}
