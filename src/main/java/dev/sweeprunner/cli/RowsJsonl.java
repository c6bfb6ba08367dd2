package dev.sweeprunner.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.Members;
import dev.sweeprunner.run.RowText;
import java.io.PrintWriter;

/** A row per line as a JSON object, with the names of {@code status --format json}. */
final class RowsJsonl implements RowsCommand.Sink {
  private final PrintWriter out;
  private String start = "";

  RowsJsonl(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin(Point point) {
    String overrides = new String(Json.bytes(point.overrides()), UTF_8).strip();
    start = "{\"run_id\":\"" + point.runId() + "\",\"overrides\":" + overrides + ",\"iter\":";
  }

  @Override
  public void row(RowText row) {
    String wall = row.wall().isEmpty() ? "" : ",\"wall\":{" + row.wall() + "}";
    String logged = row.logged();
    String whole = logged == null ? "" : ",\"logged\":{" + Members.plain(logged) + "}";
    out.append(start + row.step() + ",\"metrics\":{" + row.values() + "}" + whole + wall + "}\n");
  }
}
