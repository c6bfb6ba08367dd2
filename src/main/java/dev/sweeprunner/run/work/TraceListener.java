package dev.sweeprunner.run.work;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.RunListener;
import dev.sweeprunner.run.Trace;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Writes what becomes of a claim into the trace that tests read.
 *
 * @param iter updates of its session, or -1 where it has none
 */
record TraceListener(Trace trace, Claim claim, LongSupplier iter) implements RunListener {
  @Override
  public void began(Point point, int epoch, long from) {
    event(from > 0 ? "resume" : "start", from);
  }

  @Override
  public void completed(long iteration, Duration took, double tokensPerSecond) {
    event("iteration", iteration);
  }

  @Override
  public void published(Point point, PublishedCheckpoint checkpoint, Duration took) {
    event("publish", checkpoint.iter());
  }

  @Override
  public void ended(Point point, Outcome outcome, String detail) {
    event("ended." + outcome, iter.getAsLong());
  }

  private void event(String name, long iter) {
    trace.event(name, claim.key().runId(), claim.epoch(), iter);
  }
}
