package dev.sweeprunner.testkit.wandb;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as one read sees it.
 *
 * @param run whose address, number and creation never change
 * @param seen the rest, perhaps of a while ago
 * @param name its id; a wrong page shows another one
 */
record RunView(FakeRun run, Snapshot seen, String name, String state) {
  static @Nullable RunView of(@Nullable FakeRun run, RunBook book) {
    Snapshot seen = run == null ? null : run.visible();
    if (run == null || seen == null) {
      return null;
    }
    String state = seen.life().state(book.now().minus(book.lag()), book.patience());
    return new RunView(run, seen, run.address().name(), state);
  }

  RunView named(String other) {
    return new RunView(run, seen, other, state);
  }

  /** The value of a filter's or an order's key; null also for what is not there. */
  @Nullable Object attribute(String key) {
    if (key.startsWith("config.")) {
      return config(key.substring("config.".length()));
    }
    if (key.startsWith("summary_metrics.") || key.startsWith("summaryMetrics.")) {
      return inside(seen.summary().members(), key.substring(key.indexOf('.') + 1));
    }
    return switch (key) {
      case "name" -> name;
      case "state" -> state;
      case "createdAt", "created_at" -> Times.text(run.created());
      case "heartbeatAt", "heartbeat_at" -> Times.text(seen.life().beat());
      case "display_name" -> seen.announced().get("displayName");
      case "sweep" -> seen.announced().get("sweepName");
      case "username" -> Viewer.NAME;
      case "displayName", "group", "jobType", "tags", "host" -> seen.announced().get(key);
      default -> throw new Refusal(400, "unknown key in filters or order: " + key);
    };
  }

  private @Nullable Object config(String path) {
    Map<String, @Nullable Object> bare = new LinkedHashMap<>();
    seen.config()
        .members()
        .forEach(
            (key, entry) ->
                bare.put(
                    key,
                    entry instanceof Map<?, ?> map && map.containsKey("value")
                        ? map.get("value")
                        : entry));
    Object direct = inside(bare, path);
    return direct != null ? direct : inside(seen.config().members(), path);
  }

  /** Follows a dotted path; a key may itself have dots. */
  private static @Nullable Object inside(Map<?, ?> members, String path) {
    if (members.containsKey(path)) {
      return members.get(path);
    }
    for (int dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
      if (members.get(path.substring(0, dot)) instanceof Map<?, ?> deeper) {
        Object found = inside(deeper, path.substring(dot + 1));
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /** Whether a list attribute holds a value, or another attribute equals it. */
  boolean has(String key, @Nullable Object wanted) {
    Object value = attribute(key);
    return value instanceof List<?> list && !(wanted instanceof List<?>)
        ? list.stream().anyMatch(item -> Values.same(item, wanted))
        : Values.same(value, wanted);
  }
}
