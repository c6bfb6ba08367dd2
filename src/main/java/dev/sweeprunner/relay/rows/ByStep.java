package dev.sweeprunner.relay.rows;

import dev.sweeprunner.run.Logged;
import java.util.Map;
import java.util.NavigableMap;

/**
 * A program that names its steps, wherever it goes on: what comes replaces what was kept of its
 * step. Kept rows are given as far as the program has passed them.
 */
final class ByStep implements Steps {
  private final Rules rules;
  private final NavigableMap<Long, Logged> kept;
  private double runtime = -1;
  private long last = -1;

  /** Takes these over. */
  ByStep(Rules rules, NavigableMap<Long, Logged> kept) {
    this.rules = rules;
    this.kept = kept;
  }

  @Override
  public void take(Logged row, Placed placed) {
    if (!rules.follows(row.step(), last)) {
      placed.leftOut(row);
      return;
    }
    boolean first = runtime < 0;
    Map.Entry<Long, Logged> before = kept.lowerEntry(row.step());
    if (first) {
      runtime = before == null ? 0 : before.getValue().runtime();
    }
    while (!kept.isEmpty() && rules.stays(kept.firstKey(), row.step())) {
      placed.kept(kept.pollFirstEntry().getValue());
    }
    kept.remove(row.step());
    if (first) {
      placed.goesOn(before == null ? null : before.getValue(), runtime);
    }
    last = row.step();
    placed.own(row.at(row.step(), runtime));
  }

  @Override
  public void end(Placed placed) {
    kept.values().forEach(placed::kept);
    kept.clear();
  }
}
