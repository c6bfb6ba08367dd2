package dev.sweeprunner.cli.status;

import dev.sweeprunner.run.judge.PointStatus;
import java.io.PrintStream;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
    StatusRow.FIELDS.forEach(field -> property(json, field.name(), field.of(row)));
    json.writeEndObject();
  }

  static void property(JsonGenerator json, String name, @Nullable Object value) {
    json.writeName(name);
    value(json, value);
  }

  private static void value(JsonGenerator json, @Nullable Object value) {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value instanceof Integer number) {
      json.writeNumber(number);
    } else if (value instanceof Long number) {
      json.writeNumber(number);
    } else if (value instanceof BigInteger number) {
      json.writeNumber(number);
    } else if (value instanceof Double number) {
      json.writeNumber(number);
    } else if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      map.forEach((name, member) -> property(json, (String) name, member));
      json.writeEndObject();
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      list.forEach(element -> value(json, element));
      json.writeEndArray();
    } else {
      json.writeString(value.toString());
    }
  }
}
