package dev.sweeprunner.relay.rows;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Logged;
import dev.sweeprunner.run.TrackedRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What lives that are over have logged of a run, as far as it still lies in their claims' files.
 * Reads the disk at each question; what cannot be read now throws {@link UncheckedIOException}.
 */
final class DeadLives {
  /** A program that lived so long would have shown whether it names steps. */
  private static final double TELLING_SECONDS = 10;

  private final FileSystem files;
  private final Places places;
  private final Rules rules;
  private final List<Integer> epochs;

  private DeadLives(FileSystem files, Places places, Rules rules, List<Integer> epochs) {
    this.files = files;
    this.places = places;
    this.rules = rules;
    this.epochs = epochs;
  }

  /** The lives of the claims before this one. */
  static DeadLives before(FileSystem files, Places places, int epoch, Rules rules)
      throws IOException {
    return new DeadLives(files, places, rules, places.before(files, epoch));
  }

  /** What they have told of how their program logs. */
  Signs signs() {
    Signs signs = Signs.NONE;
    for (int epoch : epochs) {
      TrackedRun tracked = tracked(epoch);
      signs = tracked == null ? signs : signs.and(Signs.of(tracked.config()));
      signs = namesSteps(epoch) ? signs.and(Signs.NAMES_STEPS) : signs;
    }
    return signs;
  }

  private boolean namesSteps(int epoch) {
    try {
      return TrackedFolder.namesSteps(files, places.tracked(epoch));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The run as the newest one described it; null if none did. */
  @Nullable TrackedRun tracked() {
    TrackedRun newest = null;
    for (int epoch : epochs) {
      TrackedRun tracked = tracked(epoch);
      newest = tracked == null ? newest : tracked;
    }
    return newest;
  }

  private @Nullable TrackedRun tracked(int epoch) {
    try {
      return TrackedRun.read(files.read(RunFile.in(places.tracked(epoch))));
    } catch (NoSuchFileException | UnreadableJson none) {
      return null;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Whether one of them has lasted long enough to show how its program logs. */
  boolean lasted() {
    for (int epoch : epochs) {
      double[] first = {Double.NaN};
      boolean[] lasted = new boolean[1];
      LineFile.each(
          places.rows(epoch),
          0,
          row -> {
            first[0] = Double.isNaN(first[0]) ? row.timestamp() : first[0];
            lasted[0] = row.timestamp() - first[0] > TELLING_SECONDS;
            return !lasted[0];
          });
      if (lasted[0]) {
        return true;
      }
    }
    return false;
  }

  /**
   * All rows, each step once: how the lives went on is played over again.
   *
   * @param said told what is missing before the newest lives that died before they could say so
   */
  NavigableMap<Long, Logged> kept(Habit habit, Consumer<String> said) {
    NavigableMap<Long, Logged> kept = new TreeMap<>();
    for (int i = 0; i < epochs.size(); i++) {
      kept = and(kept, epochs.get(i), habit, allYoung(i) ? said : words -> {});
    }
    return kept;
  }

  /** Whether no life from this one on came to know how its program logs, and could say anything. */
  private boolean allYoung(int from) {
    return epochs.subList(from, epochs.size()).stream()
        .noneMatch(epoch -> Files.exists(places.rows(epoch)));
  }

  private NavigableMap<Long, Logged> and(
      NavigableMap<Long, Logged> kept, int epoch, Habit habit, Consumer<String> said) {
    List<Logged> own = new ArrayList<>();
    settled(epoch, own::add);
    if (own.isEmpty()) {
      return andHeld(kept, epoch, habit, said);
    }
    if (!habit.explicit()) {
      kept.tailMap(own.get(0).step(), true).clear();
    }
    own.forEach(row -> kept.put(row.step(), row));
    return kept;
  }

  /** The life ended before it was known how its program logs. */
  private NavigableMap<Long, Logged> andHeld(
      NavigableMap<Long, Logged> kept, int epoch, Habit habit, Consumer<String> said) {
    List<Logged> held = new ArrayList<>();
    LineFile.each(places.held(epoch), held::add);
    if (held.isEmpty()) {
      return kept;
    }
    Collected all = new Collected(new GapWatch(habit, said));
    Steps steps = Steps.merging(rules, habit, kept, false, words -> {});
    held.forEach(row -> steps.take(row, all));
    steps.end(all);
    return all.rows;
  }

  /** The row of a step, as the newest life logged it; null if none did. */
  @Nullable Logged row(long step) {
    Logged[] found = new Logged[1];
    for (int epoch : epochs) {
      settled(
          epoch,
          row -> {
            if (row.step() == step) {
              found[0] = row;
            }
          });
    }
    return found[0];
  }

  /** The newest step that one of them has; -1 if there is none. */
  long newest() {
    long[] newest = {-1};
    for (int epoch : epochs) {
      settled(epoch, row -> newest[0] = Math.max(newest[0], row.step()));
    }
    return newest[0];
  }

  /** The rows after a step, of each life those before the first that is beyond. */
  NavigableMap<Long, Logged> after(long base, Predicate<Logged> beyond) {
    NavigableMap<Long, Logged> rows = new TreeMap<>();
    for (int epoch : epochs) {
      boolean[] ended = new boolean[1];
      settled(
          epoch,
          row -> {
            if (row.step() > base && !ended[0]) {
              ended[0] = beyond.test(row);
              if (!ended[0]) {
                rows.put(row.step(), row);
              }
            }
          });
    }
    return rows;
  }

  private void settled(int epoch, Consumer<Logged> rows) {
    LineFile.each(places.rows(epoch), rows);
  }

  /** Collects all rows in their order. */
  private static final class Collected implements Steps.Placed {
    private final NavigableMap<Long, Logged> rows = new TreeMap<>();
    private final GapWatch gaps;

    Collected(GapWatch gaps) {
      this.gaps = gaps;
    }

    @Override
    public void goesOn(@Nullable Logged last, double runtime) {
      gaps.goesOn(last);
    }

    @Override
    public void own(Logged row) {
      gaps.row(row);
      rows.put(row.step(), row);
    }

    @Override
    public void kept(Logged row) {
      rows.put(row.step(), row);
    }

    @Override
    public void held(Logged row) {}

    @Override
    public void leftOut(Logged row) {}
  }
}
