package dev.sweeprunner.relay.rows;

import dev.sweeprunner.run.Logged;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A program with an axis of its own, wherever it goes on: with the first row that says where, what
 * was kept from there on is dropped, and the rows that come take its place. Nothing is given before
 * that row.
 */
final class ByAxis implements Steps {
  /** A program that has logged so many rows without its axis has none. */
  private static final int MOST_BEFORE = 1000;

  private static final long MOST_CHARS_BEFORE = 8L << 20;

  private final Rules rules;
  private final Axis axis;
  private final NavigableMap<Long, Logged> kept;
  private final List<Logged> before = new ArrayList<>();
  private long beforeChars;
  private @Nullable Onward onward;

  /** Takes these over. */
  ByAxis(Rules rules, Axis axis, NavigableMap<Long, Logged> kept) {
    this.rules = rules;
    this.axis = axis;
    this.kept = kept;
  }

  @Override
  public void take(Logged row, Placed placed) {
    if (onward != null) {
      onward.take(row, placed);
      return;
    }
    before.add(row);
    beforeChars += row.members().length();
    OptionalDouble first = axis.place(row);
    boolean none = before.size() >= MOST_BEFORE || beforeChars >= MOST_CHARS_BEFORE;
    if (first.isPresent() || none) {
      goOn(first, placed);
    } else {
      placed.held(row);
    }
  }

  @Override
  public void end(Placed placed) {
    if (onward == null) {
      goOn(OptionalDouble.empty(), placed);
    }
  }

  private void goOn(OptionalDouble first, Placed placed) {
    long next = first.isPresent() ? drop(first.getAsDouble()) : next();
    double runtime = kept.isEmpty() ? 0 : kept.lastEntry().getValue().runtime();
    long delta = before.isEmpty() ? 0 : rules.delta(next, before.get(0).step());
    Onward following = new Onward(rules, kept.isEmpty() ? -1 : kept.lastKey(), delta, runtime);
    Logged last = kept.isEmpty() ? null : kept.lastEntry().getValue();
    kept.values().forEach(placed::kept);
    kept.clear();
    placed.goesOn(last, runtime);
    before.forEach(row -> following.take(row, placed));
    before.clear();
    onward = following;
  }

  /** Drops what is made again; the step of its first row, or the next one where there is none. */
  private long drop(double first) {
    boolean earlier = false;
    for (Map.Entry<Long, Logged> entry : kept.entrySet()) {
      OptionalDouble place = axis.place(entry.getValue());
      if (place.isPresent() && rules.madeAgain(place.getAsDouble(), first)) {
        long from = earlier ? entry.getKey() : 0;
        kept.tailMap(from, true).clear();
        return from;
      }
      earlier |= place.isPresent();
    }
    return next();
  }

  private long next() {
    return kept.isEmpty() ? 0 : kept.lastKey() + 1;
  }
}
