package dev.sweeprunner.cli.status;

import dev.sweeprunner.run.judge.PointStatus;
import java.io.PrintStream;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/**
 * One JSON array, an object per grid point in grid order, each on a line of its own; several sweeps
 * one after the other in the same array.
 *
 * <p>The names of the fields are an API: they are only added to. Numbers that JSON lacks are the
 * strings {@code "NaN"}, {@code "Infinity"}, {@code "-Infinity"}. Written by the streaming
 * generator alone: data binding would cost most of the time that {@code status} may take.
 */
final class StatusJson implements StatusView {
  private final Selection selection;

  /** Of every point. */
  StatusJson() {
    this(Selection.ALL);
  }

  /** Of the points that are chosen. */
  StatusJson(Selection selection) {
    this.selection = selection;
  }

  @Override
  public void print(List<SweepStatus> sweeps, PrintStream out) {
    try (JsonGenerator json = HarmlessJson.on(out)) {
      json.writeStartArray();
      for (SweepStatus sweep : sweeps) {
        for (PointStatus pointStatus : selection.of(sweep)) {
          json.writeRaw('\n');
          entry(json, new StatusRow(sweep, pointStatus));
        }
      }
      json.writeRaw('\n');
      json.writeEndArray();
    }
    out.println();
    out.flush();
  }

  private static void entry(JsonGenerator json, StatusRow row) {
    json.writeStartObject();
    StatusRow.FIELDS.forEach(field -> HarmlessJson.property(json, field.name(), field.of(row)));
    json.writeEndObject();
  }
}
