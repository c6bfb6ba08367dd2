package dev.sweeprunner.wandb.offline;

import dev.sweeprunner.json.ValueJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An artifact of a run. {@code wandb sync} reads its contents where the entries say, and may remove
 * them there once it has them.
 *
 * @param run that made it
 * @param input what its program asked for, by the members of the schema's {@code
 *     CreateArtifactInput}
 * @param storagePolicy of its manifest
 * @param entries of its manifest
 */
public record OfflineArtifact(
    OfflineRun run, Map<String, ?> input, String storagePolicy, List<Entry> entries) {
  /** Copies the entries. */
  public OfflineArtifact {
    entries = List.copyOf(entries);
  }

  /**
   * One entry of a manifest.
   *
   * @param digest as the manifest has it
   * @param ref what it refers to, or null
   * @param size bytes
   * @param localPath absolute place of its content, or null for a reference
   * @param extra what else the manifest says of it
   */
  public record Entry(
      String path,
      String digest,
      @Nullable String ref,
      long size,
      @Nullable String localPath,
      Map<String, ?> extra) {}

  Message message() {
    Message message =
        new Message()
            .text(1, run.runId())
            .text(2, run.project())
            .text(3, run.entity() == null ? text("entityName") : run.entity())
            .text(4, text("artifactTypeName"))
            .text(5, text("artifactCollectionName"))
            .text(6, text("digest"))
            .text(7, text("description"))
            .text(8, text("metadata"));
    each("aliases", "alias", 11, message);
    message.message(12, manifest()).number(14, 1);
    message.text(15, text("clientID")).text(16, text("sequenceClientID"));
    each("tags", "tagName", 19, message);
    return message;
  }

  private Message manifest() {
    Message manifest = new Message().number(1, 1).text(2, storagePolicy);
    for (Entry entry : entries) {
      Message line =
          new Message()
              .text(1, entry.path())
              .text(2, entry.digest())
              .text(3, entry.ref())
              .number(4, entry.size())
              .text(6, entry.localPath());
      entry
          .extra()
          .forEach(
              (key, value) ->
                  line.message(16, new Message().text(1, key).text(2, ValueJson.of(value))));
      manifest.message(4, line);
    }
    return manifest;
  }

  private void each(String list, String member, int field, Message message) {
    if (input.get(list) instanceof List<?> all) {
      for (Object one : all) {
        if (one instanceof Map<?, ?> map && map.get(member) instanceof String name) {
          message.text(field, name);
        }
      }
    }
  }

  private @Nullable String text(String member) {
    return input.get(member) instanceof String text ? text : null;
  }
}
