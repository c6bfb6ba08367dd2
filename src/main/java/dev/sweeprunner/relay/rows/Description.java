package dev.sweeprunner.relay.rows;

import dev.sweeprunner.run.TrackedRun;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables of an UpsertBucket, as far as they describe a run. Stateless. */
final class Description {
  private Description() {}

  /** The run with what they say; null leaves what was said before. */
  static TrackedRun over(TrackedRun before, Map<String, @Nullable Object> variables) {
    TrackedRun.Names names = before.names();
    return new TrackedRun(
        said(variables, "config", before.config()),
        said(variables, "summaryMetrics", before.summary()),
        new TrackedRun.Names(
            text(variables, "displayName", names.displayName()),
            text(variables, "notes", names.notes()),
            text(variables, "groupName", names.group()),
            text(variables, "jobType", names.jobType()),
            text(variables, "host", names.host()),
            text(variables, "program", names.program()),
            text(variables, "commit", names.commit()),
            text(variables, "repo", names.repository()),
            tags(variables, names.tags())));
  }

  private static String said(
      Map<String, @Nullable Object> variables, String name, String otherwise) {
    return variables.get(name) instanceof String text && !text.isBlank() ? text : otherwise;
  }

  private static @Nullable String text(
      Map<String, @Nullable Object> variables, String name, @Nullable String otherwise) {
    return variables.get(name) instanceof String text ? text : otherwise;
  }

  private static List<String> tags(Map<String, @Nullable Object> variables, List<String> before) {
    return variables.get("tags") instanceof List<?> tags
        ? tags.stream().filter(String.class::isInstance).map(String.class::cast).toList()
        : before;
  }
}
