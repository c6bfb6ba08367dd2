package dev.sweeprunner.run;

import dev.sweeprunner.run.Checkpoints.DamagedCheckpoint;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt continues from.
 *
 * @param published the checkpoint, or null at the start
 * @param snapshot its state, or null at the start
 */
record Base(@Nullable PublishedCheckpoint published, @Nullable Snapshot snapshot) {

  /** The rows that it covers. */
  Ledger ledger(Work work, Journal journal) {
    return published == null
        ? Ledger.EMPTY
        : journal.ledger(work.point().key(), Lineage.to(published, work.claim().published()));
  }

  /** Completed updates. */
  long iter() {
    return published == null ? 0 : published.iter();
  }

  /**
   * Loads the newest published checkpoint that is still what was published; a damaged one is named,
   * and the one before it in the lineage is tried, at last the start.
   *
   * @throws IOException if a checkpoint could not be read, which says nothing about its content
   */
  static Base load(Work work, Checkpoints checkpoints, Narrator narrator) throws IOException {
    PublishedCheckpoint newest = work.base();
    if (newest == null) {
      return new Base(null, null);
    }
    List<PublishedCheckpoint> lineage = Lineage.to(newest, work.claim().published());
    for (int i = lineage.size() - 1; i >= 0; i--) {
      PublishedCheckpoint candidate = lineage.get(i);
      try {
        return new Base(candidate, checkpoints.load(work.point().key(), candidate));
      } catch (DamagedCheckpoint damaged) {
        narrator.say(
            "Run "
                + work.point().runId()
                + ": checkpoint "
                + candidate.name()
                + " is damaged ("
                + damaged.getMessage()
                + "); going back to the one before it");
      }
    }
    return new Base(null, null);
  }
}
