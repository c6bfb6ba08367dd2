package dev.sweeprunner.run.work;

import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Checkpoints;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Ledger;
import dev.sweeprunner.run.Lineage;
import dev.sweeprunner.run.Origin;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.TrainingFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The commit order: stage checkpoint and rows, rename both to their final names, append PUBLISH,
 * let the covered rows leave, prune.
 *
 * <p>Until the append has won, nothing that others read has changed; after it, nothing can be lost.
 * A process killed anywhere in between leaves garbage under its own epoch's names, which a later
 * owner removes. Belongs to one claim and one thread.
 */
final class Commit {
  private final Claim claim;
  private final Checkpoints checkpoints;
  private final Journal.RunJournal journal;
  private final Consumer<Ledger> covered;
  private final Trace trace;
  private final @Nullable Origin imported;
  private @Nullable PublishedCheckpoint tip;
  private @Nullable Finish finished;

  /**
   * Commits for one claim.
   *
   * @param covered told which rows are safe, after each PUBLISH and after FINISH
   * @param base the checkpoint this claim continues from, or null
   */
  Commit(
      Claim claim,
      Checkpoints checkpoints,
      Journal.RunJournal journal,
      Consumer<Ledger> covered,
      Trace trace,
      @Nullable PublishedCheckpoint base) {
    this(claim, checkpoints, journal, covered, trace, base, base == null ? null : base.imported());
  }

  /** The same of a claim that begins with what it imports, from there. */
  Commit(
      Claim claim,
      Checkpoints checkpoints,
      Journal.RunJournal journal,
      Consumer<Ledger> covered,
      Trace trace,
      @Nullable PublishedCheckpoint base,
      @Nullable Origin imported) {
    this.imported = imported;
    this.claim = claim;
    this.checkpoints = checkpoints;
    this.journal = journal;
    this.covered = covered;
    this.trace = trace;
    this.tip = base;
  }

  /** The newest checkpoint of this claim's lineage, or null. */
  @Nullable PublishedCheckpoint tip() {
    return tip;
  }

  /**
   * Writes the snapshot where only this claim looks; the first step of a publish, and the only one
   * that another thread may make.
   */
  Checkpoints.Staged stage(Snapshot snapshot, boolean permanent) throws IOException {
    return replaced(snapshot) == null
        ? checkpoints.stage(claim.key(), claim.epoch(), snapshot, permanent)
        : checkpoints.stageEnd(claim.key(), claim.epoch(), snapshot, permanent);
  }

  /** The published checkpoint in whose place this one comes, since it is of the same iteration. */
  private @Nullable PublishedCheckpoint replaced(Snapshot snapshot) {
    PublishedCheckpoint newest = tip;
    return newest != null && newest.iter() == snapshot.iter() ? newest : null;
  }

  /**
   * Publishes the snapshot with the rows before it.
   *
   * @param written gives what {@link #stage} made of it
   * @return false if another worker has taken over; nothing was changed then
   * @throws IOException if it could not be written; nothing was changed then, and it may be tried
   *     again
   */
  boolean publish(Snapshot snapshot, Written written) throws IOException {
    return unlessOvertaken(() -> append(snapshot, written.staged()));
  }

  private boolean append(Snapshot snapshot, Checkpoints.Staged staged) throws IOException {
    PublishedCheckpoint replaced = replaced(snapshot);
    long from = replaced != null ? replaced.from() : tip == null ? 0 : tip.iter();
    Journal.StagedPart part =
        replaced == null
            ? journal.stage(from, snapshot.iter())
            : new Journal.StagedPart(replaced.part(), replaced.partSha256(), replaced.partRows());
    trace.reach("publish.staged");
    if (claim.overtaken()) {
      return false;
    }
    checkpoints.settle(staged);
    if (replaced == null) {
      journal.settle(part);
    }
    trace.reach("publish.renamed");
    PublishedCheckpoint published =
        new PublishedCheckpoint(
            snapshot.iter(),
            claim.epoch(),
            staged.name(),
            staged.manifestSha256(),
            staged.permanent(),
            from,
            part.name(),
            part.sha256(),
            part.rows(),
            imported);
    if (!appended(() -> claim.publish(published))) {
      return false;
    }
    trace.reach("publish.published");
    tip = published;
    covered.accept(journal.ledger(Lineage.to(published, claim.published())));
    tidy();
    trace.reach("publish.pruned");
    return true;
  }

  /**
   * Ends the run: the joined journal is staged, then FINISH; {@link LogCloser} does the rest.
   *
   * @param iter how far it has come
   * @return false if another worker has taken over
   * @throws TrainingFailure if what was published has been damaged since
   */
  boolean finish(long iter) throws IOException {
    return unlessOvertaken(() -> joinAndAppend(iter));
  }

  private boolean joinAndAppend(long iter) throws IOException {
    PublishedCheckpoint last = Objects.requireNonNull(tip, "finish before any publish");
    if (last.epoch() != claim.epoch()) {
      tidy(); // its maker died before it could, and no publish follows
    }
    Journal.Joined joined = joined(last);
    trace.reach("finish.joined");
    Finish finish =
        new Finish(iter, last.name(), last.manifestSha256(), joined.sha256(), joined.rows());
    if (!appended(() -> claim.finish(finish))) {
      return false;
    }
    finished = finish;
    covered.accept(journal.ledger(finish));
    return true;
  }

  private Journal.Joined joined(PublishedCheckpoint last) throws IOException {
    List<PublishedCheckpoint> lineage = Lineage.to(last, claim.published());
    if (lineage.isEmpty()) {
      throw TrainingFailure.damaged(
          "the claim log no longer has all records that checkpoint " + last.name() + " stands on");
    }
    try {
      return journal.join(lineage);
    } catch (Journal.DamagedPart damaged) {
      throw TrainingFailure.damaged(String.valueOf(damaged.getMessage()));
    }
  }

  /** Does what follows FINISH; the run's journal is closed by then. */
  void conclude(LogCloser closer) {
    if (finished != null) {
      closer.finished(claim.key(), finished);
    }
  }

  /** An heir removes what its predecessor left: a write that fails may just mean that. */
  private boolean unlessOvertaken(WriteRetry.Write write) throws IOException {
    try {
      return write.run();
    } catch (IOException failure) {
      if (claim.overtaken()) {
        return false;
      }
      throw failure;
    }
  }

  private static boolean appended(BooleanSupplier append) throws IOException {
    try {
      return append.getAsBoolean();
    } catch (UncheckedIOException refused) {
      throw new IOException(refused.getCause());
    }
  }

  private void tidy() {
    if (claim.overtaken()) {
      return;
    }
    List<PublishedCheckpoint> all = claim.published();
    try {
      checkpoints.prune(claim.key(), claim.epoch(), all);
      checkpoints.clearStaging(claim.key(), claim.epoch());
    } catch (IOException e) {
      journal.log("Old checkpoints stay for now: " + Why.at(e));
    }
  }

  /** A staged checkpoint, once it is written. */
  interface Written {
    /** What was written. */
    Checkpoints.Staged staged() throws IOException;
  }
}
