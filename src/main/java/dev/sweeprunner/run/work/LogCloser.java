package dev.sweeprunner.run.work;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.Journal;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.Trace;
import java.io.IOException;

/**
 * What follows an ended log: the journal in its place, the hints, the clean-up.
 *
 * <p>Done by the owner right after FINISH, and again by whoever meets an ended log without its
 * hint: an owner may be killed anywhere in between. The hint comes last, so that nothing is
 * forgotten. Belongs to one thread.
 */
public final class LogCloser {
  private final Claims claims;
  private final Journal journal;
  private final Trace trace;

  /** Concludes through these ports. */
  public LogCloser(Claims claims, Journal journal, Trace trace) {
    this.claims = claims;
    this.journal = journal;
    this.trace = trace;
  }

  /** The point with the key by which its run lies on disk already. */
  Point home(Point point) {
    return point.at(journal.home(point.key()));
  }

  /** Concludes a log to which POISON was appended, if it was. */
  void poisoned(RunKey key) {
    if (claims.look(key) instanceof ClaimState.Logged logged) {
      ended(key, logged.end());
    }
  }

  /** Concludes a log that ends in FINISH or POISON, as was just read; others are left alone. */
  void ended(RunKey key, LogEnd end) {
    Finish finish = end.finish();
    if (finish != null) {
      finished(journal.home(key), finish);
    } else if (end.type() == RecordType.POISON) {
      conclude(key);
    }
  }

  /** Concludes a log that ends in this FINISH. */
  void finished(RunKey key, Finish finish) {
    trace.reach("finish.appended");
    try {
      journal.conclude(key, finish);
    } catch (IOException unfinished) {
      return; // the hint stays away, so the next worker that passes by tries again
    }
    trace.reach("finish.journal");
    conclude(key);
  }

  private void conclude(RunKey key) {
    claims.conclude(key);
    trace.reach("finish.concluded");
  }
}
