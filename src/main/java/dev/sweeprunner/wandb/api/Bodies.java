package dev.sweeprunner.wandb.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.ValueJson;
import dev.sweeprunner.wandb.api.StreamChunk.Lines;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is sent: variables of questions, and the file stream's objects. */
final class Bodies {
  private Bodies() {}

  /** The chunk as the file stream takes it; {@code {}} for a heartbeat. */
  static byte[] stream(StreamChunk chunk) {
    Map<String, Object> files = new LinkedHashMap<>();
    put(files, "wandb-history.jsonl", chunk.history());
    put(files, "wandb-events.jsonl", chunk.events());
    put(files, "output.log", chunk.log());
    String summary = chunk.summary();
    if (summary != null) {
      put(files, "wandb-summary.json", new Lines(0, List.of(summary)));
    }
    Map<String, Object> body = new LinkedHashMap<>();
    if (!files.isEmpty()) {
      body.put("files", files);
    }
    if (!chunk.uploaded().isEmpty()) {
      body.put("uploaded", chunk.uploaded());
    }
    if (chunk.preempting()) {
      body.put("preempting", true);
    }
    Integer exitCode = chunk.exitCode();
    if (exitCode != null) {
      body.put("complete", true);
      body.put("exitcode", exitCode);
    }
    return Json.bytes(body);
  }

  static Map<String, Object> upsert(RunUpsert run) {
    Map<String, Object> variables = new LinkedHashMap<>();
    put(variables, "id", run.storageId());
    variables.put("name", run.path().runId());
    variables.put("project", run.path().project());
    variables.put("entity", run.path().entity());
    put(variables, "groupName", run.group());
    put(variables, "displayName", run.displayName());
    put(variables, "notes", run.notes());
    put(variables, "jobType", run.jobType());
    put(variables, "host", run.host());
    put(variables, "program", run.program());
    put(variables, "commit", run.commit());
    put(variables, "repo", run.repository());
    put(variables, "tags", run.tags());
    Map<String, @Nullable Object> config = run.config();
    if (config != null) {
      variables.put("config", wrapped(config));
    }
    return variables;
  }

  /** A filter for runs: those of these names. */
  static String named(List<String> runIds) {
    return text(Map.of("name", Map.of("$in", runIds)));
  }

  /** A filter for runs: those that finished. */
  static String finished() {
    return text(Map.of("state", "finished"));
  }

  private static String wrapped(Map<String, @Nullable Object> config) {
    Map<String, Object> wrapped = new LinkedHashMap<>();
    config.forEach(
        (key, value) -> {
          Map<String, @Nullable Object> entry = new LinkedHashMap<>();
          entry.put("value", value);
          wrapped.put(key, entry);
        });
    return ValueJson.of(wrapped);
  }

  private static String text(Map<String, ?> object) {
    return new String(Json.bytes(object), UTF_8).strip();
  }

  private static void put(Map<String, Object> files, String name, @Nullable Lines lines) {
    if (lines != null) {
      files.put(name, Map.of("offset", lines.offset(), "content", lines.content()));
    }
  }

  private static void put(Map<String, Object> variables, String name, @Nullable Object value) {
    if (value != null) {
      variables.put(name, value);
    }
  }
}
