package dev.sweeprunner.batch;

import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.work.LiveSweep;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemProcessor;

/** Looks at a candidate afresh and claims it; null where it is not ours. */
final class ClaimProcessor implements ItemProcessor<Candidate, ClaimedRun> {
  private final LiveSweep sweep;
  private final Tally tally;

  ClaimProcessor(LiveSweep sweep, Tally tally) {
    this.sweep = sweep;
    this.tally = tally;
  }

  @Override
  public @Nullable ClaimedRun process(Candidate candidate) {
    return tally.<@Nullable ClaimedRun>keeping(
        () -> sweep.parts().claimer().contend(candidate.index()).orElse(null));
  }
}
