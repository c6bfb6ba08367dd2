package dev.sweeprunner.wandb.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run to create or to change; null leaves a field as it is.
 *
 * @param path its address
 * @param storageId the server's own id where it is known
 * @param config values without their wrapping
 * @param group for the UI
 * @param displayName for the UI
 * @param notes for the UI
 * @param jobType for the UI
 * @param host where it runs
 * @param program what runs
 * @param commit of its work tree
 * @param repository from which that is
 * @param tags for the UI
 */
public record RunUpsert(
    RunPath path,
    @Nullable String storageId,
    @Nullable Map<String, @Nullable Object> config,
    @Nullable String group,
    @Nullable String displayName,
    @Nullable String notes,
    @Nullable String jobType,
    @Nullable String host,
    @Nullable String program,
    @Nullable String commit,
    @Nullable String repository,
    @Nullable List<String> tags) {
  /** As above, for a run without a job type whose work tree is from nowhere. */
  public RunUpsert(
      RunPath path,
      @Nullable String storageId,
      @Nullable Map<String, @Nullable Object> config,
      @Nullable String group,
      @Nullable String displayName,
      @Nullable String notes,
      @Nullable String host,
      @Nullable String program,
      @Nullable String commit,
      @Nullable List<String> tags) {
    this(
        path,
        storageId,
        config,
        group,
        displayName,
        notes,
        null,
        host,
        program,
        commit,
        null,
        tags);
  }

  /** Creates a run and says nothing about it. */
  public static RunUpsert bare(RunPath path) {
    return new RunUpsert(path, null, null, null, null, null, null, null, null, null);
  }
}
