package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.run.Narrator.Outcome;
import dev.sweeprunner.wandb.api.StreamChunk;
import dev.sweeprunner.wandb.api.WandbFailure;
import org.jspecify.annotations.Nullable;

/** How a run's end is said to W&amp;B, and a refusal to the user. */
final class LastWords {
  private static final int SIGTERM = 143;
  private static final int STOPPED = 255;

  private LastWords() {}

  /** The end of a run, or that it is near. */
  static StreamChunk of(
      Summary newest, RunFiles files, boolean preempting, @Nullable Integer exitCode) {
    return new StreamChunk(
        null,
        null,
        null,
        newest.isEmpty() ? null : newest.json(),
        files.names(),
        preempting,
        exitCode);
  }

  /** What becomes of a run that W&amp;B refuses. */
  static String kept(String runId, WandbFailure why) {
    return "W&B does not take run "
        + runId
        + " now: "
        + why.getMessage()
        + ". Training goes on, and its rows are kept";
  }

  /** Shells' codes: 128 + SIGTERM for a preempted run, W&amp;B's own 255 for a stopped one. */
  static int exitCode(@Nullable Outcome how) {
    if (how == Outcome.FINISHED) {
      return 0;
    }
    return how != null && how.goesOn() ? SIGTERM : how == Outcome.HELD ? STOPPED : 1;
  }
}
