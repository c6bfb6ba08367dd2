package dev.sweeprunner.run.work;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.run.Checkpoints;
import dev.sweeprunner.run.Checkpoints.DamagedCheckpoint;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Lineage;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt continues from: the newest publish that is still what was published, its
 * checkpoint and every metric part under it.
 *
 * @param published the checkpoint, or null at the start
 * @param snapshot its state, or null at the start
 * @param why where it is not the newest: one sentence with the reason and where the run goes on;
 *     else empty
 */
record ResumePoint(
    @Nullable PublishedCheckpoint published, @Nullable Snapshot snapshot, String why) {

  /** The rows that it covers. */
  Ledger ledger(ClaimedRun run, Journal journal) {
    return published == null
        ? Ledger.EMPTY
        : journal.ledger(run.point().key(), Lineage.to(published, run.claim().published()));
  }

  /** Completed updates. */
  long iter() {
    return published == null ? 0 : published.iter();
  }

  /**
   * Loads the newest publish that is whole; what is damaged rules out itself and all that stands on
   * it. Reads every metric part of the lineage once; without a base, nothing.
   *
   * @param spoilt how many of the newest are not to be tried
   * @throws IOException if something could not be read, which says nothing about its content
   */
  static ResumePoint load(ClaimedRun run, int spoilt, Checkpoints checkpoints, Journal journal)
      throws IOException {
    PublishedCheckpoint newest = run.base();
    if (newest == null) {
      return new ResumePoint(null, null, "");
    }
    return new Search(run, newest, checkpoints, journal).newestWhole(spoilt);
  }

  /** The way back from the newest publish; of all damage the first is told. */
  private static final class Search {
    private final RunKey key;
    private final List<PublishedCheckpoint> named;
    private final List<PublishedCheckpoint> lineage;
    private final Checkpoints checkpoints;
    private final Journal journal;
    private final List<String> damage = new ArrayList<>();
    private final List<String> restored = new ArrayList<>();

    Search(ClaimedRun run, PublishedCheckpoint newest, Checkpoints checkpoints, Journal journal) {
      this.key = run.point().key();
      this.named = run.claim().published();
      this.lineage = Lineage.to(newest, named);
      this.checkpoints = checkpoints;
      this.journal = journal;
    }

    ResumePoint newestWhole(int spoilt) throws IOException {
      int wholeParts = wholeParts();
      for (int i = Math.min(wholeParts, lineage.size() - spoilt) - 1; i >= 0; i--) {
        PublishedCheckpoint candidate = lineage.get(i);
        try {
          Snapshot snapshot = checkpoints.load(key, candidate);
          return new ResumePoint(candidate, snapshot, why(spoilt, candidate));
        } catch (DamagedCheckpoint damaged) {
          found(String.valueOf(damaged.getMessage()));
        }
      }
      return new ResumePoint(null, null, why(spoilt, null));
    }

    /** How many of the lineage, from the start, have rows that every later reader will find. */
    private int wholeParts() throws IOException {
      for (int i = 0; i < lineage.size(); i++) {
        PublishedCheckpoint published = lineage.get(i);
        if (!named.contains(published)) {
          found("its claim log no longer has the record of checkpoint " + published.name());
          return i;
        }
        Optional<String> damaged = journal.damage(key, published);
        if (damaged.isPresent() && !journal.restore(key, published)) {
          found(damaged.get());
          return i;
        }
        damaged.ifPresent(what -> restored.add(what + "; made again from its claim's own rows"));
      }
      if (lineage.isEmpty()) {
        found("its claim log no longer has all records that its newest checkpoint stands on");
      }
      return lineage.size();
    }

    private void found(String what) {
      damage.add(what.endsWith(".") ? what.substring(0, what.length() - 1) : what);
    }

    private String why(int spoilt, @Nullable PublishedCheckpoint base) {
      String starts = spoilt == 0 ? "" : "its program failed " + spoilt + "x at its start";
      String first = damage.isEmpty() ? "" : damage.get(0);
      String reason = starts + (starts.isEmpty() || first.isEmpty() ? "" : ", and ") + first;
      if (reason.isEmpty()) {
        return String.join("; ", restored);
      }
      return reason
          + (base == null
              ? "; it begins anew"
              : "; it goes on from iteration " + base.iter() + " (checkpoint " + base.name() + ")");
    }
  }
}
