package dev.sweeprunner.cli.results;

import dev.sweeprunner.cli.Csv;
import dev.sweeprunner.cli.HumanFormat;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A line of names, then a line per point, or per setting where seeds are averaged over. Numbers
 * have all their digits; a cell without a value is empty.
 */
final class ResultsCsv {
  private final List<String> names = new ArrayList<>();
  private final List<BiFunction<Results, Setting, @Nullable Object>> cells = new ArrayList<>();

  private ResultsCsv(List<Results> sweeps) {
    boolean averages = sweeps.stream().anyMatch(Results::averages);
    Set<String> metrics = union(sweeps, Results::metrics);
    column("sweep", (results, setting) -> results.points().sweep().path());
    if (!averages) {
      column("run_id", (results, setting) -> only(setting).runId());
      column("state", (results, setting) -> only(setting).state().word());
      column("final", (results, setting) -> only(setting).counts());
    }
    for (String key : union(sweeps, Results::keys)) {
      column("overrides." + key, (results, setting) -> override(setting, key));
    }
    if (averages) {
      column("points", (results, setting) -> setting.outcomes().size());
      column("finished", (results, setting) -> setting.counted());
      column("run_ids", (results, setting) -> ids(setting));
      metrics.forEach(this::spread);
    } else {
      column("iter", (results, setting) -> only(setting).status().iter());
      metrics.forEach(m -> column("metrics." + m, (results, setting) -> only(setting).value(m)));
    }
  }

  static void print(List<Results> sweeps, PrintStream out) {
    new ResultsCsv(sweeps).lines(sweeps, out);
  }

  private void lines(List<Results> sweeps, PrintStream out) {
    out.print(Csv.line(names) + "\n");
    for (Results results : sweeps) {
      for (Setting setting : results.settings()) {
        List<String> line =
            cells.stream().map(cell -> Objects.toString(cell.apply(results, setting), "")).toList();
        out.print(Csv.line(line) + "\n");
      }
    }
  }

  private void spread(String metric) {
    String name = "metrics." + metric;
    column(name + ".n", (results, setting) -> setting.spread(metric).n());
    column(name + ".mean", (results, setting) -> setting.spread(metric).mean());
    column(name + ".sd", (results, setting) -> setting.spread(metric).deviation());
    column(name + ".min", (results, setting) -> setting.spread(metric).min());
    column(name + ".max", (results, setting) -> setting.spread(metric).max());
    column(name + ".not_finite", (results, setting) -> setting.spread(metric).notFinite());
  }

  private void column(String name, BiFunction<Results, Setting, @Nullable Object> cell) {
    names.add(name);
    cells.add(cell);
  }

  private static Outcome only(Setting setting) {
    return setting.outcomes().get(0);
  }

  private static @Nullable String override(Setting setting, String key) {
    return setting.overrides().containsKey(key)
        ? HumanFormat.value(setting.overrides().get(key))
        : null;
  }

  private static String ids(Setting setting) {
    return setting.outcomes().stream().map(Outcome::runId).collect(Collectors.joining(" "));
  }

  private static Set<String> union(
      List<Results> sweeps, Function<Results, Collection<String>> names) {
    Set<String> union = new LinkedHashSet<>();
    sweeps.forEach(results -> union.addAll(names.apply(results)));
    return union;
  }
}
