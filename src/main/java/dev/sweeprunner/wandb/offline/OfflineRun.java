package dev.sweeprunner.wandb.offline;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code wandb sync} announces a run with.
 *
 * @param runId the run's id in its project
 * @param entity whose project it is; null leaves that to the key with which it is synced
 * @param project where it belongs
 * @param group for the UI
 * @param displayName for the UI
 * @param notes for the UI
 * @param tags for the UI
 * @param jobType for the UI
 * @param commit of the program's work tree
 * @param repository from which that is
 * @param host where it ran
 * @param start when it began; of several files of one run the earlier one is synced first
 * @param config values without their wrapping: maps, lists, strings, numbers, booleans, null
 */
public record OfflineRun(
    String runId,
    @Nullable String entity,
    String project,
    @Nullable String group,
    @Nullable String displayName,
    @Nullable String notes,
    List<String> tags,
    @Nullable String jobType,
    @Nullable String commit,
    @Nullable String repository,
    String host,
    Instant start,
    Map<String, @Nullable Object> config) {
  /** A run without a job type, of a work tree that is not told. */
  public OfflineRun(
      String runId,
      @Nullable String entity,
      String project,
      @Nullable String group,
      @Nullable String displayName,
      @Nullable String notes,
      List<String> tags,
      String host,
      Instant start,
      Map<String, @Nullable Object> config) {
    this(
        runId,
        entity,
        project,
        group,
        displayName,
        notes,
        tags,
        null,
        null,
        null,
        host,
        start,
        config);
  }
}
