package dev.sweeprunner.cli;

import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Liveness;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.Registry;
import dev.sweeprunner.run.judge.Facts;
import dev.sweeprunner.run.judge.Ownership;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.State;
import dev.sweeprunner.run.judge.Verdict;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Why a run stands where it stands, in one sentence: the judge's, with what a reader adds. */
public final class Reason {
  /** States that say nothing without their reason. */
  private static final Set<State> TELLING =
      EnumSet.of(
          State.INVALID,
          State.FOREIGN,
          State.POISONED,
          State.HELD,
          State.FAILED,
          State.WAITING,
          State.STALE,
          State.SUSPENDED);

  /** A beat is made at least this many times within the expiry time. */
  private static final int BEATS = 4;

  private Reason() {}

  /**
   * The sentence. A reader that looks once cannot judge a silent owner, so it says what it sees and
   * what a worker would do.
   *
   * @param expiry how long a worker must watch a beat stand still
   */
  static String of(Facts facts, Verdict verdict, Duration expiry) {
    Duration silence = silence(facts, verdict);
    if (silence != null
        && facts.claim() instanceof ClaimState.Logged logged
        && !logged.end().unreadable()
        && (overdue(silence, expiry) || !Ownership.unsaved(facts))) {
      String owner = new OwnerText(logged.end().owner()).brief();
      return overdue(silence, expiry)
          ? owner
              + " is silent "
              + HumanFormat.time(silence)
              + " by file time; a worker takes over after watching "
              + HumanFormat.time(expiry)
          : owner + ": beat " + HumanFormat.ago(silence) + " by file time";
    }
    String fact = verdict.because().fact();
    return verdict instanceof Verdict.NotYet notYet && notYet.left() != null
        ? fact + " (for another " + HumanFormat.time(notYet.left()) + ")"
        : fact;
  }

  /** The sentence about a point. */
  public static String of(PointStatus pointStatus, Duration expiry) {
    return of(pointStatus.facts(), pointStatus.verdict(), expiry);
  }

  /** Whether the table must say more than the state's word. */
  public static boolean needed(PointStatus pointStatus, Duration expiry) {
    Duration silence = silence(pointStatus.facts(), pointStatus.verdict());
    return TELLING.contains(pointStatus.verdict().state())
        || pointStatus.verdict() instanceof Verdict.NotYet
        || adopted(pointStatus)
        || Ownership.unsaved(pointStatus.facts())
        || justImported(pointStatus)
        || (silence != null && overdue(silence, expiry));
  }

  private static boolean adopted(PointStatus pointStatus) {
    return pointStatus.verdict().state() == State.ELSEWHERE
        && pointStatus.facts().remote() instanceof Registry.Remote.Adopted;
  }

  /** Nobody has trained it here yet. */
  private static boolean justImported(PointStatus pointStatus) {
    return pointStatus
        .end()
        .filter(end -> end.type() == RecordType.RELEASE)
        .map(end -> end.summary().checkpoint())
        .filter(PublishedCheckpoint::isImport)
        .isPresent();
  }

  private static boolean overdue(Duration silence, Duration expiry) {
    return silence.multipliedBy(BEATS).compareTo(expiry) > 0;
  }

  private static @Nullable Duration silence(Facts facts, Verdict verdict) {
    Liveness owner = facts.claim() instanceof ClaimState.Logged logged ? logged.owner() : null;
    return verdict instanceof Verdict.Taken
            && verdict.state() != State.SUSPENDED
            && owner != null
            && owner.kind() == Liveness.Kind.SILENT
        ? owner.silentByFileTime()
        : null;
  }
}
