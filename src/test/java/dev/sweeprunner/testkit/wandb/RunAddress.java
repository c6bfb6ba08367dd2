package dev.sweeprunner.testkit.wandb;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Where a run is; {@code name} is its id. */
public record RunAddress(String entity, String project, String name) {
  /** The id by which GraphQL knows the run. */
  String storageId() {
    return globalId("Run", name + ":" + project + ":" + entity);
  }

  /** An opaque id as the server makes them. */
  static String globalId(String kind, String of) {
    return Base64.getEncoder()
        .encodeToString((kind + ":v1:" + of).getBytes(StandardCharsets.UTF_8));
  }
}
