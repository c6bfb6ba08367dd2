package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.json.Members;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.json.ValueJson;
import dev.sweeprunner.json.ValueJson.Verbatim;
import dev.sweeprunner.run.Row;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row as W&amp;B shows it: {@code iter} and the metrics under the names that this user's runs
 * have always had, {@code time_ms}, {@code mfu}, and W&amp;B's own {@code _step} (the iteration),
 * {@code _runtime} (seconds) and {@code _timestamp} (seconds since 1970). Of a row as its program
 * logged it, what was logged and these three.
 */
final class HistoryLine {
  /** Of one post; the server takes about 10 MiB. */
  private static final long MOST_CHARS = 8L << 20;

  private HistoryLine() {}

  /** The members in a fixed order. */
  static Map<String, Object> members(Row row) {
    String logged = row.logged();
    if (logged != null) {
      return logged(row, logged);
    }
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

  private static Map<String, Object> logged(Row row, String logged) {
    Map<String, Object> line = new LinkedHashMap<>();
    try {
      Members.of("{" + logged + "}").forEach((name, value) -> line.put(name, new Verbatim(value)));
    } catch (UnreadableJson e) {
      throw new IllegalArgumentException("row " + row.step() + " is no JSON", e);
    }
    line.putAll(times(row));
    return line;
  }

  private static Map<String, Object> times(Row row) {
    Map<String, Object> times = new LinkedHashMap<>();
    times.put("_step", row.step());
    put(times, "_runtime", row.wall().get("runtime"));
    put(times, "_timestamp", row.wall().get("timestamp"));
    return times;
  }

  private static void put(Map<String, Object> times, String name, @Nullable Double seconds) {
    if (seconds != null) {
      times.put(name, new Verbatim(new BigDecimal(seconds.toString()).toPlainString()));
    }
  }

  /** One line of the history, without a newline. */
  static String of(Row row) {
    String logged = row.logged();
    if (logged == null) {
      return ValueJson.of(members(row));
    }
    return "{" + logged + (logged.isBlank() ? "" : ",") + ValueJson.of(times(row)).substring(1);
  }

  /** The lines of the first rows that fit into one post: never none, if there is a row. */
  static List<String> post(List<Row> rows) {
    List<String> lines = new ArrayList<>();
    long chars = 0;
    for (Row row : rows) {
      String line = of(row);
      chars += line.length();
      if (chars > MOST_CHARS && !lines.isEmpty()) {
        break;
      }
      lines.add(line);
    }
    return lines;
  }
}
