package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.json.ValueJson;
import dev.sweeprunner.run.Row;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The summary: the newest value of each metric. Belongs to one thread. */
final class Summary {
  private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

  /**
   * Goes on from what the summary there says, for metrics that later rows lack and for a claim that
   * makes no row; what was noted here is newer.
   */
  void after(Map<String, @Nullable Object> summary) {
    summary.forEach(
        (name, value) -> {
          if (value != null) {
            values.putIfAbsent(name, value);
          }
        });
  }

  void row(Row row) {
    Map<String, Object> members = HistoryLine.members(row);
    values.putAll(members);
    Double runtime = row.wall().get("runtime");
    if (runtime != null) {
      values.put("_wandb", Map.of("runtime", runtime.longValue()));
    }
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  String json() {
    return ValueJson.of(values);
  }
}
