package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A card as a file. */
final class DescriptorFile {
  private static final int VERSION = 1;

  private DescriptorFile() {}

  static byte[] write(RunDescriptor descriptor) {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("v", VERSION);
    document.put("run_id", descriptor.key().runId());
    document.put("folder_project", descriptor.key().project());
    document.put("folder_group", descriptor.key().group());
    document.put("seed", descriptor.key().seed());
    document.put("project", descriptor.project());
    document.put("group", descriptor.group());
    document.put("display_name", descriptor.displayName());
    document.put("notes", descriptor.notes());
    document.put("host", descriptor.host());
    document.put("commit", descriptor.commit());
    document.put("started", descriptor.started().toString());
    document.put("claimant", claimant(descriptor.claimant()));
    document.put("config", descriptor.config());
    if (descriptor.told() != null) {
      document.put("told", descriptor.told());
    }
    return Json.document(document);
  }

  /**
   * Reads it back.
   *
   * @throws UnreadableJson if it is no card, or one of a newer program
   */
  static RunDescriptor read(byte[] bytes) throws UnreadableJson {
    Fields card = Fields.of(bytes);
    if (card.integer("v") != VERSION) {
      throw new UnreadableJson("version " + card.integer("v") + " of a newer program");
    }
    RunKey key =
        new RunKey(
            card.text("folder_project"),
            card.text("folder_group"),
            card.text("run_id"),
            seed(card));
    return new RunDescriptor(
        key,
        card.text("project"),
        card.text("group"),
        card.textOrNull("display_name"),
        card.textOrNull("notes"),
        card.textOr("host", ""),
        card.textOrNull("commit"),
        instant(card.text("started")),
        claimant(card.object("claimant")),
        card.object("config").members(),
        told(card));
  }

  /** Null for a run of a program whose config has none. */
  private static @Nullable Long seed(Fields card) throws UnreadableJson {
    boolean none = card.members().containsKey("seed") && card.members().get("seed") == null;
    return none ? null : (Long) card.number("seed");
  }

  private static @Nullable Long told(Fields card) {
    Double rows = card.decimalOrNull("told");
    return rows == null ? null : (Long) rows.longValue();
  }

  private static Map<String, Object> claimant(Claimant claimant) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("root", claimant.root());
    members.put("epoch", claimant.epoch());
    members.put("cluster", claimant.cluster());
    members.put("worker", claimant.worker());
    members.put("trainer", claimant.trainer());
    members.put("version", claimant.version());
    return members;
  }

  private static Claimant claimant(Fields members) throws UnreadableJson {
    return new Claimant(
        members.text("root"),
        members.integer("epoch"),
        members.text("cluster"),
        members.text("worker"),
        members.text("trainer"),
        members.text("version"));
  }

  private static Instant instant(String text) throws UnreadableJson {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new UnreadableJson("no time: " + text);
    }
  }
}
