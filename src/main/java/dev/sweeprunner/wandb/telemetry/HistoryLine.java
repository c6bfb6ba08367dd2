package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.json.ValueJson;
import dev.sweeprunner.run.Row;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A row as W&amp;B shows it: {@code iter} and the metrics under the names that this user's runs
 * have always had, {@code time_ms}, {@code mfu}, and W&amp;B's own {@code _step} (the iteration),
 * {@code _runtime} (seconds) and {@code _timestamp} (seconds since 1970).
 */
final class HistoryLine {
  private HistoryLine() {}

  /** The members in a fixed order. */
  static Map<String, Object> members(Row row) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("iter", row.step());
    line.putAll(row.values());
    row.wall()
        .forEach(
            (name, value) -> {
              switch (name) {
                case "timestamp" -> line.put("_timestamp", value);
                case "runtime" -> line.put("_runtime", value);
                default -> line.put(name, value);
              }
            });
    line.put("_step", row.step());
    return line;
  }

  /** One line of the history, without a newline. */
  static String of(Row row) {
    return ValueJson.of(members(row));
  }
}
