package dev.sweeprunner.torture;

import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.work.Attempt;
import dev.sweeprunner.run.work.Claimer;
import dev.sweeprunner.run.work.Pass;
import dev.sweeprunner.run.work.Round;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * What a round of the batch job does, without the job: pass after pass, until one of them has
 * claimed nothing.
 */
record PlainRound(
    String sweep,
    Pass pass,
    Claimer claimer,
    Function<ClaimedRun, Attempt> attempts,
    StopSignal stop)
    implements Round {
  @Override
  public boolean ended() {
    return pass.allSettled();
  }

  @Override
  public boolean edited() {
    return false;
  }

  @Override
  public boolean worthwhile() {
    return claimer.anyClaimable();
  }

  @Override
  public Result run(boolean brief) {
    int trained = 0;
    int before = 0;
    pass.again();
    while (!stop.requested()) {
      OptionalInt next = pass.next();
      if (next.isPresent()) {
        trained += claimer.hopeful(next.getAsInt()) && worked(next.getAsInt()) ? 1 : 0;
      } else if (trained == before) {
        break;
      }
      if (trained > before && (next.isEmpty() || pass.old())) {
        pass.begin();
        before = trained;
      }
    }
    return new Result(trained, false, claimer.takeMissing().orElse(null));
  }

  private boolean worked(int index) {
    Optional<ClaimedRun> run = claimer.contend(index);
    if (run.isEmpty()) {
      return false;
    }
    try (Attempt attempt = attempts.apply(run.get())) {
      while (attempt.advance() == null) {
        continue;
      }
    }
    return true;
  }
}
