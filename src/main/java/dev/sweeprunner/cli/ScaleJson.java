package dev.sweeprunner.cli;

import dev.sweeprunner.json.Json;
import dev.sweeprunner.run.Scaler;
import dev.sweeprunner.run.scale.Demand;
import dev.sweeprunner.run.scale.ScaleReport;
import dev.sweeprunner.run.scale.ScaleReport.Line;
import dev.sweeprunner.run.scale.ScaleReport.Step;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A look of {@code scale} as one JSON object, for programs. The names of the fields are an API:
 * they are only added to. What is not known is null; times to come are seconds from the look on.
 */
final class ScaleJson {
  private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

  /**
   * Begins the object.
   *
   * @param name how the tasks' names begin
   * @param from where the profiles were found
   */
  ScaleJson(LookedAt root, String name, String from) {
    members.put("storage_root", root.path().toString());
    members.put("storage_root_exists", root.exists());
    members.put("job_name", name);
    members.put("profiles_from", from);
    members.put("acted", false);
  }

  /** Who else has the right to submit here; null where nobody has. */
  ScaleJson scaler(@Nullable Scaler other) {
    Map<String, @Nullable Object> who = new LinkedHashMap<>();
    if (other != null) {
      var owner = other.owner();
      who.put("host", owner == null ? null : owner.host());
      who.put("pid", owner == null ? null : owner.pid());
      who.put("user", owner == null ? null : owner.user());
      who.put("silent_s", other.silent().toMillis() / 1000.0);
    }
    members.put("other_scaler", other == null ? null : who);
    return this;
  }

  /**
   * All that a look found and did.
   *
   * @param submit whether it was to do anything
   */
  ScaleJson report(ScaleReport report, boolean submit) {
    Demand demand = report.demand();
    members.put("runs", demand.runs());
    members.put("claimable", demand.claimable());
    members.put("taken", demand.taken());
    members.put("later", demand.later());
    members.put("ended", demand.ended());
    members.put("finished", demand.allEnded() && demand.finished());
    members.put("over", report.over());
    members.put("without_room", report.without());
    members.put("ends_in_s", until(report.end(), report));
    members.put("acted", submit && report.seated());
    members.put("profiles", report.lines().stream().map(line -> profile(line, report)).toList());
    members.put("steps", report.steps().stream().map(ScaleJson::step).toList());
    members.put("news", report.news());
    return this;
  }

  private static Map<String, @Nullable Object> profile(Line line, ScaleReport report) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("profile", line.profile().name());
    members.put("limit", line.profile().limit());
    members.put("limit_now", line.limit());
    members.put("working", line.tally().working());
    members.put("idle", line.tally().idle());
    members.put("pending", line.tally().pending());
    members.put("blocked", line.tally().blocked());
    members.put("suspended", line.tally().suspended());
    members.put("pending_reasons", line.tally().reasons());
    members.put("failed_starts", line.failedStarts());
    members.put("paused_for_s", until(line.pausedUntil(), report));
    members.put("paused_why", line.pausedUntil() == null ? null : line.pausedWhy());
    members.put("ceiling", line.ceiling());
    members.put("ceiling_for_s", until(line.ceilingUntil(), report));
    members.put("submit", line.submit());
    members.put("cancel", line.cancel());
    members.put("why", line.reason().words(Instant::toString));
    members.put("updates_per_second", line.rates().perSecond());
    members.put("queued_s", line.rates().queued());
    members.put("start_s", line.rates().start());
    members.put("ends_in_s", until(line.end(), report));
    return members;
  }

  private static Map<String, @Nullable Object> step(Step step) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("does", step.cancels() ? "cancel" : "submit");
    members.put("profile", step.cancels() ? null : step.profile());
    members.put("count", step.count());
    members.put("command", step.words());
    members.put("outcome", step.outcome().name().toLowerCase(Locale.ROOT));
    members.put("said", step.said());
    return members;
  }

  private static @Nullable Long until(@Nullable Instant time, ScaleReport report) {
    return time == null ? null : Math.max(0, Duration.between(report.at(), time).toSeconds());
  }

  /** The object, on one line. */
  void print(Screen screen) {
    screen.raw().print(new String(Json.bytes(members), StandardCharsets.UTF_8));
    screen.raw().flush();
  }
}
