package dev.sweeprunner.run.work;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Checkpoints;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.Origin;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.judge.Facts;
import dev.sweeprunner.run.judge.Observer;
import dev.sweeprunner.run.judge.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Gives a run a state of another program's as its starting checkpoint, by the worker's own claim
 * and the worker's own commit: CLAIM, PUBLISH, RELEASE.
 *
 * <p>A kill before the PUBLISH leaves the run as it was, with a claim whose owner is dead; one
 * after it leaves the whole import, and a worker goes on from there. Belongs to one thread.
 */
public final class Import {
  private final Claims claims;
  private final Observer observer;
  private final Checkpoints checkpoints;
  private final Journal journal;
  private final Trace trace;

  /** An import into one storage root. */
  public Import(
      Claims claims, Observer observer, Checkpoints checkpoints, Journal journal, Trace trace) {
    this.claims = claims;
    this.observer = observer;
    this.checkpoints = checkpoints;
    this.journal = journal;
    this.trace = trace;
  }

  /**
   * Looks whether the run may be given a start.
   *
   * @throws UserError if it has one, or if a worker could not claim it now
   */
  public Facts admit(Point point) {
    Facts facts = observer.facts(point);
    Verdict verdict = observer.verdict(facts);
    if (!(verdict instanceof Verdict.Claimable claimable)) {
      String way = verdict.because().wayOut();
      throw new UserError(
          point.runId(),
          "it is " + verdict.state().shown() + ": " + verdict.because().fact(),
          way.isEmpty() ? "Import into a run that nobody has" : way);
    }
    PublishedCheckpoint there = claimable.resume();
    boolean reset =
        facts.claim() instanceof ClaimState.Logged log && log.end().type() == RecordType.RESET;
    if (there != null && !reset) {
      throw new UserError(
          point.runId(),
          "it has a checkpoint of iteration " + there.iter() + " already",
          "To put the import in its place: reset " + point.runId() + ", then import again");
    }
    return facts;
  }

  /**
   * Makes the state the run's newest checkpoint.
   *
   * @param facts what {@link #admit} said
   * @param from where the state comes from
   * @throws UserError if somebody else was faster, or the disk refuses; nothing was imported then
   */
  public void into(Point wanted, Facts facts, Snapshot state, Origin from) {
    Point point = wanted.at(journal.home(wanted.key()));
    try (Claim claim =
        claims
            .claim(point.key(), point.config().sha256(), facts.claim())
            .orElseThrow(() -> lost(point))) {
      boolean published;
      try {
        published = publish(claim, point, state, from);
      } catch (IOException | RuntimeException refused) {
        giveBack(claim, "the import was cut short: " + Why.of(refused));
        throw refused;
      }
      if (!published || !claim.release(ReleaseReason.SHUTDOWN, told(from))) {
        throw lost(point);
      }
    } catch (IOException | UncheckedIOException refused) {
      throw new UserError(
          point.runId(),
          "the import could not be kept: " + Why.at(refused),
          "See by explain " + point.runId() + " what stands, then import again",
          refused);
    }
  }

  private boolean publish(Claim claim, Point point, Snapshot state, Origin from)
      throws IOException {
    try (Journal.RunJournal opened = journal.open(point, claim.epoch(), 0)) {
      Commit commit = new Commit(claim, checkpoints, opened, rows -> {}, trace, null, from);
      claim.progress(state.iter(), "save");
      Checkpoints.Staged staged = commit.stage(state, false);
      opened.log(told(from));
      return commit.publish(state, () -> staged);
    } catch (IOException | RuntimeException refused) {
      try {
        checkpoints.abandon(claim.key(), claim.epoch());
      } catch (IOException litter) {
        refused.addSuppressed(litter); // the heir clears it away
      }
      throw refused;
    }
  }

  private static String told(Origin from) {
    return "imported from " + from.words();
  }

  /** Where not even that can be written, the claim is one of a dead owner. */
  private static void giveBack(Claim claim, String why) {
    try {
      claim.release(ReleaseReason.SHUTDOWN, why);
    } catch (UncheckedIOException refused) {
      // The failure that led here says more.
    }
  }

  private static UserError lost(Point point) {
    return new UserError(
        point.runId(), "somebody else has just claimed it", "See status; stop that worker first");
  }
}
