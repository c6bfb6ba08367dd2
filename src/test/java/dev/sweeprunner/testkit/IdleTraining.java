package dev.sweeprunner.testkit;

import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.Training;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A trainer that answers questions and never trains. */
public final class IdleTraining implements Training {
  private final Size size;
  private final @Nullable String missing;

  /** A trainer whose checkpoints have this size and that lacks {@code missing}, if anything. */
  public IdleTraining(Size size, @Nullable String missing) {
    this.size = size;
    this.missing = missing;
  }

  @Override
  public Optional<String> refusal(RunConfig config) {
    return Optional.empty();
  }

  @Override
  public Optional<String> missing(RunConfig config) {
    return Optional.ofNullable(missing);
  }

  @Override
  public Size size(RunConfig config) {
    return size;
  }

  @Override
  public String device() {
    return "none";
  }

  @Override
  public Session start(ClaimedRun run, @Nullable Snapshot base, Consumer<String> log) {
    throw new AssertionError("nothing here may train");
  }
}
