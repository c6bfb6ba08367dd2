package dev.sweeprunner.claim;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How long this process has watched things stand still. Only its own monotonic clock counts, and
 * only successful reads: between two of them at most two polls are added, because an observer that
 * slept, or whose server was away, has watched nothing.
 *
 * <p>Any thread may call it. Kept in memory: a new process watches anew.
 *
 * @param <K> names what is watched
 */
final class Watch<K> {
  private final long mostPerRead;
  private final Map<K, Sight> sights = new HashMap<>();

  Watch(Duration poll) {
    mostPerRead = 2 * poll.toNanos();
  }

  /**
   * One thing watched.
   *
   * @param slot the newest slot when it was read
   * @param beat what was read
   * @param readAt when, in this process's nanoseconds
   * @param idle nanoseconds watched without a change
   * @param changed whether it was ever seen to change
   */
  record Sight(int slot, String beat, long readAt, long idle, boolean changed) {}

  /** A successful read. */
  synchronized Sight saw(K key, int slot, String beat, long now) {
    Sight before = sights.get(key);
    Sight sight;
    if (before == null) {
      sight = new Sight(slot, beat, now, 0, false);
    } else if (before.slot != slot || !before.beat.equals(beat)) {
      sight = new Sight(slot, beat, now, 0, true);
    } else {
      long gap = Math.max(0, Math.min(now - before.readAt, mostPerRead));
      sight = new Sight(slot, beat, now, before.idle + gap, before.changed);
    }
    sights.put(key, sight);
    return sight;
  }

  /** It has changed, into what is not known yet. */
  synchronized void moved(K key, int slot, long now) {
    sights.put(key, new Sight(slot, "", now, 0, true));
  }

  /** What it had changed into. */
  synchronized void movedTo(K key, String beat) {
    sights.computeIfPresent(
        key, (same, moved) -> new Sight(moved.slot, beat, moved.readAt, moved.idle, moved.changed));
  }

  /** What was seen of this slot, or null; adds nothing. */
  synchronized @Nullable Sight last(K key, int slot) {
    Sight sight = sights.get(key);
    return sight != null && sight.slot == slot ? sight : null;
  }

  synchronized void forget(K key) {
    sights.remove(key);
  }

  synchronized void forgetIf(Predicate<K> over) {
    sights.keySet().removeIf(over);
  }

  /** Everything that stood still for {@code expiry}. */
  synchronized Map<K, Sight> expired(Duration expiry) {
    Map<K, Sight> found = new HashMap<>(sights);
    found.values().removeIf(sight -> sight.idle < expiry.toNanos());
    return found;
  }
}
