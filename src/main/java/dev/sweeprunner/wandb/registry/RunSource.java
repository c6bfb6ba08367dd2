package dev.sweeprunner.wandb.registry;

import dev.sweeprunner.wandb.api.FinishedPage;
import dev.sweeprunner.wandb.api.States;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The two questions that a registry asks about one project of W&amp;B. */
interface RunSource {
  /** Most ids in one question for states. */
  int MOST_IDS = WandbClient.CHUNK;

  /** The states of those of these runs that exist; at most {@link #MOST_IDS} ids. */
  States states(List<String> runIds) throws WandbFailure;

  /**
   * A page of the finished runs.
   *
   * @param after what the page before named as next, or null for the first
   * @param configKeys which keys of their configs are wanted
   */
  FinishedPage finished(@Nullable String after, List<String> configKeys) throws WandbFailure;
}
