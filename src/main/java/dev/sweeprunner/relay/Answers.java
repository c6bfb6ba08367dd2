package dev.sweeprunner.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.json.ValueJson;
import dev.sweeprunner.relay.rows.Book;
import dev.sweeprunner.run.Relay;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The data of what clients are answered, from what this worker knows. Pure. */
final class Answers {
  /** An older client asks which fields a type has, under a name of its own. */
  private static final Pattern TYPE = Pattern.compile("(?:(\\w+)\\s*:\\s*)?__type\\s*\\(");

  private final Relay.Names names;

  Answers(Relay.Names names) {
    this.names = names;
  }

  /** The answer to an operation that is about no run in particular; null if it is none of these. */
  @Nullable Map<String, @Nullable Object> general(Operation asked) {
    return switch (asked.name()) {
      case "Viewer", "GetDefaultEntity" -> viewer();
      case "ServerFeaturesQuery" -> of("serverInfo", of("features", List.of()));
      case "ServerInfo" -> serverInfo();
      case "OrganizationCoreWeaveOrganizationID" -> of("entity", null);
      case "RunStoppedStatus" -> of("project", of("run", of("stopped", false)));
      default -> types(asked);
    };
  }

  /** RunResumeStatus of a run that is there, or of none. */
  Map<String, @Nullable Object> resume(Runs.@Nullable Opened run) {
    if (run == null) {
      return of("model", null);
    }
    Map<String, @Nullable Object> model = of("id", "project");
    model.put("name", project());
    model.put("entity", of("id", "entity", "name", entity()));
    model.put("bucket", bucket(run));
    return of("model", model);
  }

  /** UpsertBucket. */
  Map<String, @Nullable Object> upsert(Runs.Opened run) {
    Map<String, @Nullable Object> bucket = of("id", run.id(), "name", run.name());
    bucket.put("displayName", displayName(run.run()));
    bucket.put("description", null);
    bucket.put("config", run.known().config());
    bucket.put("sweepName", null);
    Map<String, @Nullable Object> project = of("id", "project", "name", project());
    project.put("entity", of("id", "entity", "name", entity()));
    bucket.put("project", project);
    bucket.put("historyLineCount", run.known().historyLines());
    return of("upsertBucket", of("bucket", bucket, "inserted", !run.known().exists()));
  }

  /** NotifyScriptableRunAlert. */
  static Map<String, @Nullable Object> alerted() {
    return of("notifyScriptableRunAlert", of("success", true));
  }

  /** What is answered where there is no data: one sentence why. */
  static Map<String, @Nullable Object> refusal(String sentence) {
    return of("data", null, "errors", List.of(of("message", sentence)));
  }

  private Map<String, @Nullable Object> viewer() {
    Map<String, @Nullable Object> viewer = of("id", "relay", "entity", entity());
    viewer.put("username", "relay");
    viewer.put("email", null);
    viewer.put("flags", "{}");
    viewer.put("admin", false);
    viewer.put("teams", of("edges", List.of()));
    return of("viewer", viewer);
  }

  private static Map<String, @Nullable Object> serverInfo() {
    Map<String, @Nullable Object> info =
        of("cliVersionInfo", of("max_cli_version", "99.0.0", "min_cli_version", "0.0.1"));
    info.put("latestLocalVersionInfo", null);
    info.put("features", List.of());
    return of("serverInfo", info);
  }

  /** Every type is said to have no fields, so that the client asks for none but the oldest. */
  private static @Nullable Map<String, @Nullable Object> types(Operation asked) {
    Map<String, @Nullable Object> types = of();
    Matcher type = TYPE.matcher(asked.document());
    while (type.find()) {
      String name = type.group(1) == null ? "__type" : type.group(1);
      types.put(name, of("fields", List.of(), "inputFields", List.of()));
    }
    return types.isEmpty() ? null : types;
  }

  private Map<String, @Nullable Object> bucket(Runs.Opened run) {
    Book.Known known = run.known();
    Map<String, @Nullable Object> bucket = of("id", run.id(), "name", run.name());
    bucket.put("displayName", displayName(run.run()));
    bucket.put("historyLineCount", known.historyLines());
    bucket.put("eventsLineCount", known.eventsLines());
    bucket.put("logLineCount", known.consoleLines());
    bucket.put("historyTail", "[" + Json.quoted("{\"_step\":" + known.tail() + "}") + "]");
    bucket.put("eventsTail", "[]");
    bucket.put("summaryMetrics", withoutRuntime(known.summary()));
    bucket.put("config", known.config());
    bucket.put("wandbConfig", "{\"t\":{}}");
    bucket.put("tags", List.of());
    bucket.put("notes", null);
    return bucket;
  }

  /**
   * A summary as a client may be told it: what it reads there of seconds it takes for nanoseconds,
   * and counts its own time from three thousand million seconds on. So it counts from 0.
   */
  private static String withoutRuntime(String summary) {
    try {
      Map<String, @Nullable Object> members = Json.object(summary.getBytes(UTF_8));
      members.remove("_runtime");
      members.remove("_wandb");
      return ValueJson.of(members);
    } catch (UnreadableJson e) {
      return "{}";
    }
  }

  private String displayName(LiveRun run) {
    return run.displayName(names.displayName());
  }

  private String entity() {
    return names.entity().isBlank() ? "local" : names.entity();
  }

  private String project() {
    return names.project();
  }

  private static Map<String, @Nullable Object> of() {
    return new LinkedHashMap<>();
  }

  private static Map<String, @Nullable Object> of(String name, @Nullable Object value) {
    Map<String, @Nullable Object> object = of();
    object.put(name, value);
    return object;
  }

  private static Map<String, @Nullable Object> of(
      String name, @Nullable Object value, String second, @Nullable Object other) {
    Map<String, @Nullable Object> object = of(name, value);
    object.put(second, other);
    return object;
  }
}
