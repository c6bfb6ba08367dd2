package dev.sweeprunner.wandb.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run in a list of states.
 *
 * @param runId its name
 * @param state as the server names it, in lower case
 * @param heartbeat of the server's clock, or null
 * @param iter the summary's newest iteration, or -1
 * @param cluster that says in its config that it has the run, or null
 * @param metrics those of {@link #METRICS} that its summary has
 */
public record RunState(
    String runId,
    String state,
    @Nullable Instant heartbeat,
    long iter,
    @Nullable String cluster,
    Map<String, Double> metrics) {
  /** What is asked of a summary beside the iteration: what a table shows. */
  public static final List<String> METRICS =
      List.of("train/loss", "eval/train_loss", "val/translation_loss");

  /** A run that says no more. */
  public RunState(String runId, String state, @Nullable Instant heartbeat, long iter) {
    this(runId, state, heartbeat, iter, null, Map.of());
  }
}
