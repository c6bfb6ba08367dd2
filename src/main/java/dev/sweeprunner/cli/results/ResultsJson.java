package dev.sweeprunner.cli.results;

import dev.sweeprunner.cli.status.HarmlessJson;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * One array, an object per sweep: its metrics with their goals and bests, each point, and each
 * setting with mean and spread. The names of the fields are an API: they are only added to.
 */
final class ResultsJson {
  private ResultsJson() {}

  static void print(List<Results> sweeps, PrintStream out) {
    try (JsonGenerator json = HarmlessJson.on(out)) {
      json.writeStartArray();
      for (Results results : sweeps) {
        json.writeRaw('\n');
        HarmlessJson.value(json, sweep(results));
      }
      json.writeRaw('\n');
      json.writeEndArray();
    }
    out.println();
  }

  private static Map<String, @Nullable Object> sweep(Results results) {
    Map<String, @Nullable Object> sweep = new LinkedHashMap<>();
    sweep.put("sweep", results.points().sweep().path().toString());
    sweep.put("group", results.points().group());
    sweep.put("over", List.copyOf(results.over()));
    sweep.put("metrics", results.metrics().stream().map(m -> metric(results, m)).toList());
    sweep.put("points", results.outcomes().stream().map(o -> point(results, o)).toList());
    sweep.put("settings", results.settings().stream().map(s -> setting(results, s)).toList());
    return sweep;
  }

  private static Map<String, @Nullable Object> metric(Results results, String name) {
    Map<String, @Nullable Object> metric = new LinkedHashMap<>();
    metric.put("name", name);
    metric.put("goal", results.aim(name).goal());
    metric.put("goal_from", results.aim(name).from());
    metric.put("best", results.best(name).map(Outcome::runId).orElse(null));
    metric.put("best_value", results.best(name).map(best -> best.value(name)).orElse(null));
    metric.put(
        "best_mean",
        results.averages()
            ? results.bestMean(name).map(best -> best.spread(name).mean()).orElse(null)
            : null);
    metric.put(
        "best_setting",
        results.averages() ? results.bestMean(name).map(Setting::overrides).orElse(null) : null);
    return metric;
  }

  private static Map<String, @Nullable Object> point(Results results, Outcome outcome) {
    Map<String, @Nullable Object> point = new LinkedHashMap<>();
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    results.metrics().stream()
        .filter(name -> outcome.value(name) != null)
        .forEach(name -> values.put(name, outcome.value(name)));
    point.put("run_id", outcome.runId());
    point.put("state", outcome.state().word());
    point.put("final", outcome.counts());
    point.put("overrides", outcome.status().point().overrides());
    point.put("iter", outcome.status().iter());
    point.put("metrics", values);
    return point;
  }

  private static Map<String, @Nullable Object> setting(Results results, Setting setting) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("overrides", setting.overrides());
    values.put("points", setting.outcomes().size());
    values.put("finished", setting.counted());
    values.put("run_ids", setting.outcomes().stream().map(Outcome::runId).toList());
    Map<String, @Nullable Object> metrics = new LinkedHashMap<>();
    results.metrics().forEach(name -> metrics.put(name, spread(setting.spread(name))));
    values.put("metrics", metrics);
    return values;
  }

  private static Map<String, @Nullable Object> spread(Spread spread) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put("n", spread.n());
    values.put("mean", spread.mean());
    values.put("sd", spread.deviation());
    values.put("min", spread.min());
    values.put("max", spread.max());
    values.put("not_finite", spread.notFinite());
    return values;
  }
}
