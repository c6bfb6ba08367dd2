package dev.sweeprunner.batch;

import dev.sweeprunner.run.Contender;
import dev.sweeprunner.run.Work;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemProcessor;

/** Looks at a candidate afresh and claims it; null where it is not ours. */
final class ClaimProcessor implements ItemProcessor<Candidate, Work> {
  private final Contender contender;

  ClaimProcessor(Contender contender) {
    this.contender = contender;
  }

  @Override
  public @Nullable Work process(Candidate candidate) {
    return contender.contend(candidate.index()).orElse(null);
  }
}
