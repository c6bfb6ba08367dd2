package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The console lines of a run's program, by their numbers: a line may change as long as the program
 * is at it. Those of dead claims that W&amp;B has are not sent again. Belongs to one thread.
 */
final class ProgramConsole {
  private static final int MOST = 10_000;

  private final ClaimsLines records;
  private final long there;
  private final boolean allDead;
  private final TreeMap<Long, String> changed = new TreeMap<>();
  private long next;

  /**
   * The console behind what W&amp;B has.
   *
   * @param records one JSON object each, {@code {"number":3,"line":"…"}}
   * @param there lines that W&amp;B has
   * @param allDead whether the newest claim too has sent what W&amp;B has
   */
  ProgramConsole(ClaimsLines records, long there, boolean allDead) {
    this.records = records;
    this.there = there;
    this.next = there;
    this.allDead = allDead;
  }

  /** Lines that follow one another, at most so many, and the number of the first. */
  record Block(long first, List<String> lines) {
    static final Block NONE = new Block(0, List.of());
  }

  /** The first lines that have not arrived. */
  Block peek(int most) throws IOException {
    read();
    if (changed.isEmpty()) {
      return Block.NONE;
    }
    // A line that nobody has kept is an empty one: W&B takes no gaps.
    long first = Math.min(changed.firstKey(), next);
    List<String> lines = new ArrayList<>();
    for (long n = first; lines.size() < most && (changed.containsKey(n) || gap(n)); n++) {
      lines.add(changed.getOrDefault(n, ""));
    }
    return new Block(first, lines);
  }

  private boolean gap(long number) {
    return number >= next && number < changed.lastKey();
  }

  /** They have arrived, as they were then. */
  void sent(Block block) {
    long number = block.first();
    for (String line : block.lines()) {
      changed.remove(number++, line);
    }
    next = Math.max(next, number);
  }

  /** All lines from the first on, as they are now. */
  List<String> all() throws IOException {
    List<String> all = new ArrayList<>();
    for (Block block = peek(MOST); !block.lines().isEmpty(); block = peek(MOST)) {
      for (int i = 0; i < block.lines().size(); i++) {
        int number = (int) block.first() + i;
        if (number < all.size()) {
          all.set(number, block.lines().get(i));
        } else {
          all.add(block.lines().get(i));
        }
      }
      sent(block);
    }
    return all;
  }

  private void read() throws IOException {
    while (changed.size() < MOST) {
      List<ClaimsLines.Line> more = records.next(MOST);
      if (more.isEmpty()) {
        return;
      }
      more.forEach(this::take);
    }
  }

  private void take(ClaimsLines.Line record) {
    try {
      Fields fields = Fields.of(record.text().getBytes(StandardCharsets.UTF_8));
      long number = fields.number("number");
      if (number >= there || (number >= 0 && record.newest() && !allDead)) {
        changed.put(number, fields.text("line"));
      }
    } catch (UnreadableJson damaged) {
      // The others tell what can be told.
    }
  }
}
