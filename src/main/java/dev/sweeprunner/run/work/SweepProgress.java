package dev.sweeprunner.run.work;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Narrator;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.RunListener;
import java.time.Duration;
import java.util.BitSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How far a sweep is, told once after each run of this worker: by the newest listing of the pass,
 * which holds what others have ended, and by what this worker has finished since. It looks at no
 * disk itself. Belongs to the worker's thread.
 */
public final class SweepProgress implements RunListener {
  private final String sweep;
  private final Pass pass;
  private final Clock clock;
  private final Narrator narrator;
  private final BitSet mine = new BitSet();
  private long since;
  private int before = -1;
  private boolean due;

  /**
   * Of the sweep that this pass goes through.
   *
   * @param sweep its file, as the user named it
   */
  public SweepProgress(String sweep, Pass pass, Clock clock, Narrator narrator) {
    this.sweep = sweep;
    this.pass = pass;
    this.clock = clock;
    this.narrator = narrator;
  }

  /** The same attempts, of which this hears. */
  public Function<ClaimedRun, Attempt> over(Function<ClaimedRun, Attempt> attempts) {
    return run -> {
      Attempt attempt = attempts.apply(run);
      attempt.heardBy(this);
      return attempt;
    };
  }

  /** Tells where it stands before this worker's first run. */
  public void begin() {
    since = clock.nanos();
    before = pass.ended(mine);
    narrator.progress(sweep, before, pass.distinct(), null);
  }

  @Override
  public void ended(Point point, Outcome outcome, String detail) {
    if (outcome == Outcome.FINISHED) {
      mine.set(point.index());
    }
    due = true;
  }

  /** Tells where it stands, if a run has left this worker since the last time. */
  public void tell() {
    if (due) {
      due = false;
      int ended = pass.ended(mine);
      narrator.progress(sweep, ended, pass.distinct(), left(ended));
    }
  }

  /**
   * As long as what is left takes at the pace so far, of all who work on it; null while unknown.
   */
  private @Nullable Duration left(int ended) {
    int left = pass.distinct() - ended;
    if (before < 0 || ended <= before || left == 0) {
      return null;
    }
    double each = (double) (clock.nanos() - since) / (ended - before);
    return Duration.ofNanos((long) (each * left));
  }
}
