package dev.sweeprunner.relay.rows;

import dev.sweeprunner.run.Logged;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A program that names no step and has no axis: nothing tells what it makes again, so that all that
 * comes follows all that was kept.
 */
final class OneAfterAnother implements Steps {
  private static final String UNKNOWN =
      "Nothing tells where this program goes on after a restart: its rows follow those of its"
          + " earlier lives, and work that it does again appears twice. Give checkpoint.pattern, or"
          + " log with step=, or over an axis of your own (define_metric)";

  private final NavigableMap<Long, Logged> kept;
  private final Onward onward;
  private final double runtime;
  private final Consumer<String> said;
  private boolean begun;

  /**
   * Takes these over.
   *
   * @param told whether the client was told of the newest of them, else it counts from 0
   * @param said told once what nobody can know
   */
  OneAfterAnother(
      Rules rules, NavigableMap<Long, Logged> kept, boolean told, Consumer<String> said) {
    this.kept = kept;
    this.said = said;
    Map.Entry<Long, Logged> last = kept.lastEntry();
    this.runtime = last == null ? 0 : last.getValue().runtime();
    this.onward =
        last == null
            ? new Onward(rules, -1, 0, 0)
            : new Onward(
                rules, last.getKey(), told ? 0 : rules.delta(last.getKey() + 1, 0), runtime);
  }

  @Override
  public void take(Logged row, Placed placed) {
    if (!begun && !kept.isEmpty()) {
      said.accept(UNKNOWN);
    }
    give(placed);
    onward.take(row, placed);
  }

  @Override
  public void end(Placed placed) {
    give(placed);
  }

  private void give(Placed placed) {
    if (!begun) {
      begun = true;
      Map.Entry<Long, Logged> last = kept.lastEntry();
      @Nullable Logged newest = last == null ? null : last.getValue();
      kept.values().forEach(placed::kept);
      kept.clear();
      placed.goesOn(newest, runtime);
    }
  }
}
