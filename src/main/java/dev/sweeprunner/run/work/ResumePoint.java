package dev.sweeprunner.run.work;

import dev.sweeprunner.run.Checkpoints;
import dev.sweeprunner.run.Checkpoints.DamagedCheckpoint;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Lineage;
import dev.sweeprunner.run.Narrator;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Snapshot;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt continues from.
 *
 * @param published the checkpoint, or null at the start
 * @param snapshot its state, or null at the start
 */
record ResumePoint(@Nullable PublishedCheckpoint published, @Nullable Snapshot snapshot) {

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
   * Loads the newest published checkpoint that is still what was published; a damaged one is named,
   * and the one before it in the lineage is tried, at last the start.
   *
   * @param spoilt how many of the newest are not to be tried
   * @throws IOException if a checkpoint could not be read, which says nothing about its content
   */
  static ResumePoint load(ClaimedRun run, int spoilt, Checkpoints checkpoints, Narrator narrator)
      throws IOException {
    PublishedCheckpoint newest = run.base();
    if (newest == null) {
      return new ResumePoint(null, null);
    }
    List<PublishedCheckpoint> lineage = Lineage.to(newest, run.claim().published());
    if (spoilt > 0) {
      narrator.say(
          "Run "
              + run.point().runId()
              + ": its program failed at its start on checkpoint "
              + newest.name()
              + "; going back "
              + spoilt
              + " of them");
    }
    for (int i = lineage.size() - 1 - spoilt; i >= 0; i--) {
      PublishedCheckpoint candidate = lineage.get(i);
      try {
        return new ResumePoint(candidate, checkpoints.load(run.point().key(), candidate));
      } catch (DamagedCheckpoint damaged) {
        narrator.say(
            "Run "
                + run.point().runId()
                + ": checkpoint "
                + candidate.name()
                + " is damaged ("
                + damaged.getMessage()
                + "); going back to the one before it");
      }
    }
    return new ResumePoint(null, null);
  }
}
