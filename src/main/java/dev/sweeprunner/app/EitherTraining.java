package dev.sweeprunner.app;

import dev.sweeprunner.config.ProgramConfig;
import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.Training;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions about the runs of several sweeps, of which some are trained here and some by
 * programs. It trains nothing itself: each sweep has its own trainer.
 */
record EitherTraining(Training builtin, Training program) implements Training {
  private Training of(RunConfig config) {
    return config instanceof ProgramConfig ? program : builtin;
  }

  @Override
  public Optional<String> refusal(RunConfig config) {
    return of(config).refusal(config);
  }

  @Override
  public Optional<String> missing(RunConfig config) {
    return of(config).missing(config);
  }

  @Override
  public Size size(RunConfig config) {
    return of(config).size(config);
  }

  @Override
  public String device() {
    return builtin.device();
  }

  @Override
  public Session start(ClaimedRun run, @Nullable Snapshot base, Consumer<String> log) {
    throw new UnsupportedOperationException("each sweep has its own trainer");
  }
}
