package dev.sweeprunner.page;

import dev.sweeprunner.cli.status.Attention;
import dev.sweeprunner.cli.status.Forecast;
import dev.sweeprunner.cli.status.HarmlessJson;
import dev.sweeprunner.cli.status.StatusRow;
import dev.sweeprunner.cli.status.SweepStatus;
import dev.sweeprunner.cli.status.WorkerRow;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.Verdict;
import dev.sweeprunner.sweep.Metric;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * What one look saw, already as JSON, so that two looks can be compared and one be written as often
 * as it is asked for. Immutable.
 *
 * @param made when, by this host's clock
 * @param sweeps in the order of the subject's
 * @param workers of the storage root
 */
record Look(Subject subject, Instant made, List<Sweep> sweeps, List<Aged> workers) {
  /** Ages grow from look to look though nothing has happened. */
  private static final Set<String> AGES = Set.of("age_s", "heard_s", "since_s");

  /** Looks now, at one sweep after the other: of a point no more is held than is told of it. */
  static Look at(Subject subject, Instant now) {
    List<Sweep> sweeps = new ArrayList<>();
    for (Points points : subject.sweeps()) {
      SweepStatus.look(List.of(points), subject.ports()).stream()
          .map(Sweep::of)
          .forEach(sweeps::add);
    }
    return new Look(
        subject, now, sweeps, subject.roll().call().stream().map(Look::worker).toList());
  }

  private static Aged worker(WorkerRow row) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    WorkerRow.FIELDS.forEach(field -> members.put(field.name(), field.of(row)));
    return Aged.of(members);
  }

  /**
   * An object whose ages stand apart.
   *
   * @param members all others, as JSON without the braces; two are equal where nothing happened
   * @param ages the ages, likewise
   */
  record Aged(String members, String ages) {
    static Aged of(Map<String, @Nullable Object> all) {
      Map<String, @Nullable Object> ages = new LinkedHashMap<>();
      AGES.stream()
          .filter(all::containsKey)
          .sorted()
          .forEach(name -> ages.put(name, all.remove(name)));
      return new Aged(membersOf(all), membersOf(ages));
    }

    void write(JsonGenerator json) {
      json.writeRawValue("{" + members + (ages.isEmpty() ? "" : "," + ages) + "}");
    }
  }

  /**
   * One run that was ever claimed.
   *
   * @param end the newest record of its log
   * @param held whether somebody works on it
   */
  record Run(RunKey key, LogEnd end, boolean held) {
    static Stream<Run> of(PointStatus point) {
      boolean held = point.verdict() instanceof Verdict.Taken;
      return point.end().stream().map(end -> new Run(point.point().key(), end, held));
    }
  }

  /**
   * One sweep.
   *
   * @param grid its points
   * @param points a row for each, in grid order
   * @param runs those of its points that were ever claimed, in grid order
   * @param metric by which they are compared, or empty
   * @param whole what is said of all of them together, as JSON members without braces
   */
  record Sweep(
      Points grid, List<Aged> points, List<Run> runs, Optional<String> metric, String whole) {
    static Sweep of(SweepStatus status) {
      Metric metric = status.metric().orElse(null);
      List<Aged> points =
          status.statuses().stream().map(point -> point(status, point, metric)).toList();
      return new Sweep(
          status.points(),
          points,
          status.statuses().stream().flatMap(Run::of).toList(),
          status.metric().map(Metric::name),
          membersOf(whole(status, metric)));
    }

    private static Aged point(SweepStatus status, PointStatus point, @Nullable Metric metric) {
      StatusRow row = new StatusRow(status, point);
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      StatusRow.FIELDS.forEach(field -> members.put(field.name(), field.of(row)));
      members.put("value", metric == null ? null : point.metrics().get(metric.name()));
      return Aged.of(members);
    }

    private static Map<String, @Nullable Object> whole(
        SweepStatus status, @Nullable Metric metric) {
      Map<String, @Nullable Object> whole = new LinkedHashMap<>();
      whole.put("metric", metric == null ? null : metric(metric));
      Map<String, @Nullable Object> counts = new LinkedHashMap<>();
      status
          .statuses()
          .forEach(p -> counts.merge(p.verdict().state().word(), 1, (a, b) -> (Integer) a + 1));
      whole.put("counts", counts);
      whole.put("progress", status.share().isEmpty() ? null : status.share().getAsDouble());
      double rate = status.tokensPerSecond();
      whole.put("tokens_per_second", rate > 0 ? (Double) rate : null);
      whole.put("work_unit", status.points().workUnit());
      whole.put("eta_s", Forecast.of(status).map(Sweep::eta).orElse(null));
      whole.put("attention", Attention.of(status).stream().map(Sweep::advice).toList());
      whole.put("ended", ExitCode.allEnded(status.statuses()));
      return whole;
    }

    private static Map<String, @Nullable Object> metric(Metric metric) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      members.put("name", metric.name());
      members.put("goal", metric.goal().name().toLowerCase(Locale.ROOT));
      return members;
    }

    private static Map<String, @Nullable Object> eta(Forecast forecast) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      members.put("from", forecast.soonest().toSeconds());
      members.put("to", forecast.latest().toSeconds());
      return members;
    }

    private static Map<String, @Nullable Object> advice(Attention attention) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      members.put("text", attention.text());
      members.put("command", attention.command());
      return members;
    }
  }

  /** The runs of all sweeps; one that stands in several of them comes as often. */
  Stream<Run> runs() {
    return sweeps.stream().flatMap(sweep -> sweep.runs().stream());
  }

  private static String membersOf(Map<String, @Nullable Object> members) {
    String object = json(json -> HarmlessJson.value(json, members));
    return object.substring(1, object.length() - 1);
  }

  /** What is written, as text for a page. */
  static String json(Consumer<JsonGenerator> writing) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = HarmlessJson.inPage(text)) {
      writing.accept(json);
    }
    return text.toString();
  }
}
