package dev.sweeprunner.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.run.RowText;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** A row per line as a JSON object, with the names of {@code status --format json}. */
final class RowsJsonl implements RowsCommand.Sink {
  private final PrintWriter out;
  private @Nullable Point of;
  private String start = "";

  RowsJsonl(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void row(Point point, RowText row) {
    if (of != point) {
      of = point;
      start = start(point);
    }
    String wall = row.wall().isEmpty() ? "" : ",\"wall\":{" + row.wall() + "}";
    out.append(start + row.step() + ",\"metrics\":{" + row.values() + "}" + wall + "}\n");
  }

  private static String start(Point point) {
    String overrides = new String(Json.bytes(point.overrides()), UTF_8).strip();
    return "{\"run_id\":\"" + point.runId() + "\",\"overrides\":" + overrides + ",\"iter\":";
  }
}
