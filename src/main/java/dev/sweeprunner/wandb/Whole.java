package dev.sweeprunner.wandb;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunConfig;
import java.util.OptionalInt;
import java.util.function.ToLongFunction;

/**
 * From which iteration on a run that W&amp;B calls finished has done all its work: the earlier
 * runner also marks preempted runs finished, and logs its last iteration only every {@code
 * log_interval}.
 */
final class Whole {
  private Whole() {}

  static long iterations(RunConfig config) {
    return config.training().maxIters() - config.training().logInterval();
  }

  /** The same by run id; a run of no point is never whole. */
  static ToLongFunction<String> of(Points points) {
    return runId -> {
      OptionalInt index = points.indexOf(runId);
      return index.isPresent() ? iterations(points.at(index.getAsInt()).config()) : Long.MAX_VALUE;
    };
  }
}
