package dev.sweeprunner.testkit.relay;

import java.util.Map;

/**
 * What a client is told by its environment or its program.
 *
 * @param resume {@code WANDB_RESUME}: empty, {@code allow}, {@code must} or {@code never}
 */
public record ClientSettings(
    String url, String key, String entity, String project, String runId, String resume) {

  /** Reads the variables of an environment. */
  public static ClientSettings of(Map<String, String> environment) {
    return new ClientSettings(
        environment.getOrDefault("WANDB_BASE_URL", ""),
        environment.getOrDefault("WANDB_API_KEY", ""),
        environment.getOrDefault("WANDB_ENTITY", "somebody"),
        environment.getOrDefault("WANDB_PROJECT", "uncategorized"),
        environment.getOrDefault("WANDB_RUN_ID", "random01"),
        environment.getOrDefault("WANDB_RESUME", ""));
  }

  /** The same for another run. */
  public ClientSettings withRunId(String id) {
    return new ClientSettings(url, key, entity, project, id, resume);
  }

  /** The same with a key of the program's own. */
  public ClientSettings withKey(String own) {
    return new ClientSettings(url, own, entity, project, runId, resume);
  }

  /** The same with another mode of resuming. */
  public ClientSettings withResume(String mode) {
    return new ClientSettings(url, key, entity, project, runId, mode);
  }
}
