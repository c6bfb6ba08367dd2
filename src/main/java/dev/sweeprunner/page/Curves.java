package dev.sweeprunner.page;

import dev.sweeprunner.cli.status.HarmlessJson;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.RowText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/**
 * The rows of one run as a page draws them: a curve for each metric. Made in one pass over its
 * rows; holds no more than it hands on.
 */
final class Curves {
  /** Of each metric. */
  static final int MOST_POINTS = 1000;

  /** A program may log under a new name in each row. */
  private static final int MOST_METRICS = 256;

  private final String runId;
  private final Map<String, Curve> curves;
  private long last = -1;
  private boolean leftOut;
  private String note = "";

  private Curves(String runId, Map<String, Curve> curves) {
    this.runId = runId;
    this.curves = curves;
  }

  /** Reads a run's rows as they are now. */
  static Curves read(Subject subject, RunKey key) {
    return read(subject, key, row -> {});
  }

  /** As above; each row is also handed on. */
  static Curves read(Subject subject, RunKey key, Consumer<RowText> rows) {
    Curves curves = none(key);
    ClaimState claim = subject.ports().claims().look(key);
    if (claim instanceof ClaimState.Unreadable unreadable) {
      curves.note = unreadable.why();
    } else if (claim instanceof ClaimState.Logged logged && logged.end().unreadable()) {
      curves.note = logged.end().writer();
    } else if (claim instanceof ClaimState.Logged logged) {
      try {
        subject.rows().each(key, logged.end(), rows.andThen(curves::add));
      } catch (IOException e) {
        curves.note = Why.at(e);
      }
    }
    return curves;
  }

  /** Of a run without rows. */
  static Curves none(RunKey key) {
    return new Curves(key.runId(), new LinkedHashMap<>());
  }

  /** The same of these rows alone. */
  Curves of(Iterable<RowText> rows) {
    Curves some = new Curves(runId, new LinkedHashMap<>());
    rows.forEach(some::add);
    some.last = last;
    some.note = note;
    return some;
  }

  /** Their points at later steps; thinned as they are. */
  Curves after(long step) {
    Curves later = new Curves(runId, new LinkedHashMap<>());
    curves.forEach(
        (name, curve) ->
            curve.each(
                point -> {
                  if (point.step() > step) {
                    later.add(name, point.step(), point.value());
                  }
                }));
    later.last = last;
    later.note = note;
    later.leftOut = true;
    return later;
  }

  private void add(RowText row) {
    last = Math.max(last, row.step());
    RowText.each(row.values(), (name, value) -> add(name, row.step(), number(value)));
  }

  private void add(String name, long step, double value) {
    Curve curve = curves.get(name);
    if (curve == null && curves.size() < MOST_METRICS) {
      curve = new Curve(MOST_POINTS);
      curves.put(name, curve);
    }
    if (curve == null) {
      leftOut = true;
    } else {
      curve.add(step, value);
    }
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException none) {
      return Double.NaN;
    }
  }

  /** Whose they are. */
  String runId() {
    return runId;
  }

  /** Whether there is anything to draw. */
  boolean isEmpty() {
    return curves.isEmpty();
  }

  /** How many points they have. */
  long size() {
    return curves.values().stream().mapToLong(Curve::size).sum();
  }

  /**
   * The same with fewer metrics and points.
   *
   * @param wanted the metrics that are kept before others
   */
  Curves thin(int metrics, int points, List<String> wanted) {
    List<String> names = new ArrayList<>(wanted);
    names.retainAll(curves.keySet());
    curves.keySet().stream().filter(name -> !names.contains(name)).forEach(names::add);
    Map<String, Curve> thin = new LinkedHashMap<>();
    names.stream()
        .limit(metrics)
        .forEach(name -> thin.put(name, curves.getOrDefault(name, new Curve(1)).thin(points)));
    Curves fewer = new Curves(runId, thin);
    fewer.last = last;
    fewer.note = note;
    fewer.leftOut = leftOut || names.size() > metrics;
    return fewer;
  }

  /** Writes them as {@code api/rows} gives them. */
  void write(JsonGenerator json) {
    json.writeStartObject();
    HarmlessJson.property(json, "run_id", runId);
    json.writeName("metrics");
    json.writeStartObject();
    curves.forEach(
        (name, curve) -> {
          json.writeName(name);
          write(json, curve);
        });
    json.writeEndObject();
    HarmlessJson.property(json, "last", last);
    HarmlessJson.property(
        json, "thinned", leftOut || curves.values().stream().anyMatch(Curve::thinned));
    HarmlessJson.property(json, "note", note);
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Curve curve) {
    json.writeStartObject();
    json.writeName("step");
    json.writeStartArray();
    curve.each(point -> json.writeNumber(point.step()));
    json.writeEndArray();
    json.writeName("value");
    json.writeStartArray();
    curve.each(point -> value(json, point));
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void value(JsonGenerator json, Curve.Point point) {
    if (point.finite()) {
      json.writeNumber(point.value());
    } else {
      json.writeNull();
    }
  }
}
