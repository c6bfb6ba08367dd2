package dev.sweeprunner.batch;

import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.work.Claimer;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemProcessor;

/** Looks at a candidate afresh and claims it; null where it is not ours. */
final class ClaimProcessor implements ItemProcessor<Candidate, ClaimedRun> {
  private final Claimer claimer;
  private final Tally tally;

  ClaimProcessor(Claimer claimer, Tally tally) {
    this.claimer = claimer;
    this.tally = tally;
  }

  @Override
  public @Nullable ClaimedRun process(Candidate candidate) {
    return tally.<@Nullable ClaimedRun>keeping(
        () -> claimer.contend(candidate.index()).orElse(null));
  }
}
