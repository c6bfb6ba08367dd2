package dev.sweeprunner.batch;

import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.work.LiveSweep;
import dev.sweeprunner.run.work.Pass;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;

/**
 * Yields candidates in claim order, pass after pass, until a whole pass has claimed nothing.
 *
 * <p>Keeps no position across restarts: where a sweep stands is read from the lock directory, which
 * alone is true. An end with open points marks the step to be stopped, so that the same job
 * instance goes on in the next round.
 */
final class CandidateReader implements ItemStreamReader<Candidate> {
  private final LiveSweep sweep;
  private final boolean brief;
  private final StopSignal stop;
  private final RunLimit limit;
  private final Tally tally;
  private @Nullable StepExecution step;
  private int trainedAtPassStart;

  /**
   * A reader of one round.
   *
   * @param brief whether the round ends once it has trained and its listing is old
   */
  CandidateReader(LiveSweep sweep, boolean brief, StopSignal stop, RunLimit limit, Tally tally) {
    this.sweep = sweep;
    this.brief = brief;
    this.stop = stop;
    this.limit = limit;
    this.tally = tally;
  }

  /** Told by the step before the first read. */
  void step(StepExecution execution) {
    step = execution;
  }

  @Override
  public void open(ExecutionContext context) {
    tally.<@Nullable Void>keeping(this::again);
  }

  @Override
  public @Nullable Candidate read() {
    return tally.<@Nullable Candidate>keeping(this::next);
  }

  private @Nullable Void again() {
    sweep.pass().again();
    trainedAtPassStart = tally.trained();
    return null;
  }

  private void begin() {
    sweep.renew();
    sweep.parts().pass().begin();
    trainedAtPassStart = tally.trained();
  }

  private @Nullable Candidate next() {
    while (!stop.requested() && !limit.reached()) {
      boolean trained = tally.trained() > trainedAtPassStart;
      boolean old = trained && pass().old();
      if (old && brief) {
        break;
      }
      if (old) {
        begin();
      }
      sweep.tell();
      OptionalInt next = pass().next();
      if (next.isPresent()) {
        if (sweep.parts().claimer().hopeful(next.getAsInt())) {
          return new Candidate(next.getAsInt());
        }
      } else if (trained) {
        begin();
      } else {
        break;
      }
    }
    if (!stop.requested()) {
      sweep.tell();
    }
    if (step != null && !pass().allSettled()) {
      step.setTerminateOnly();
    }
    return null;
  }

  private Pass pass() {
    return sweep.parts().pass();
  }
}
