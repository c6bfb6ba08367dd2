package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.wandb.api.RemoteRun;
import dev.sweeprunner.wandb.api.WandbFailure;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a run's end is said to W&amp;B, and a refusal to the user. */
final class LastWords {
  private static final int SIGTERM = 143;
  private static final int STOPPED = 255;

  private LastWords() {}

  /** Whether a run has ended for good: nobody goes on with it. */
  static boolean over(@Nullable Outcome how) {
    return how != null && !how.goesOn();
  }

  /** What becomes of a run that W&amp;B refuses. */
  static String kept(String runId, WandbFailure why) {
    return "W&B does not take run "
        + runId
        + " now: "
        + why.getMessage()
        + ". Training goes on, and its rows are kept";
  }

  /** That another cluster has a run too, where one has. */
  static Optional<String> twice(RunDescriptor run, RemoteRun there) {
    return run.rival(there)
        .map(
            rival ->
                "Run "
                    + run.key().runId()
                    + " is trained on cluster "
                    + rival.cluster()
                    + " too. Both make the same rows; the work is done twice");
  }

  /** Shells' codes: 128 + SIGTERM for a preempted run, W&amp;B's own 255 for a stopped one. */
  static int exitCode(@Nullable Outcome how) {
    if (how == Outcome.FINISHED) {
      return 0;
    }
    return how != null && how.goesOn() ? SIGTERM : how == Outcome.HELD ? STOPPED : 1;
  }
}
