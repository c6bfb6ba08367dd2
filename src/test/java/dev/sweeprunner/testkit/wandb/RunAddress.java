package dev.sweeprunner.testkit.wandb;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Where a run is; {@code name} is its id. */
public record RunAddress(String entity, String project, String name) {
  /** The id by which GraphQL knows the run. */
  String storageId() {
    return globalId("Run", name + ":" + project + ":" + entity);
  }

  /** The run that GraphQL knows by that id, or null if it is no such id. */
  static @Nullable RunAddress ofStorageId(String id) {
    String text;
    try {
      text = new String(Base64.getDecoder().decode(id), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
    String[] parts = text.split(":", -1);
    boolean run = parts.length == 5 && text.startsWith("Run:v1:");
    return run ? new RunAddress(parts[4], parts[3], parts[2]) : null;
  }

  /** An opaque id as the server makes them. */
  static String globalId(String kind, String of) {
    return Base64.getEncoder()
        .encodeToString((kind + ":v1:" + of).getBytes(StandardCharsets.UTF_8));
  }
}
