package dev.sweeprunner.wandb.registry;

import dev.sweeprunner.wandb.api.FinishedPage;
import dev.sweeprunner.wandb.api.States;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client with a mistake in it. */
final class BrokenSource implements RunSource {
  @Override
  public States states(List<String> runIds) {
    throw new IllegalStateException("a mistake");
  }

  @Override
  public FinishedPage finished(@Nullable String after, List<String> configKeys) {
    throw new IllegalStateException("a mistake");
  }
}
