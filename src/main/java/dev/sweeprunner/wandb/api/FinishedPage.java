package dev.sweeprunner.wandb.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Some of the finished runs of a project.
 *
 * @param runs each once within this page; pages may overlap
 * @param next what to ask for next, or null after the last page
 */
public record FinishedPage(List<FinishedRun> runs, @Nullable String next) {
  /**
   * A finished run.
   *
   * @param runId its name
   * @param config those keys that were asked for and that it has, without their wrapping
   * @param iter the summary's newest iteration, or -1
   */
  public record FinishedRun(String runId, Map<String, @Nullable Object> config, long iter) {}
}
