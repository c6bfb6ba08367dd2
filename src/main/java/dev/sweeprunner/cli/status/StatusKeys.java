package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.Axes;
import dev.sweeprunner.run.judge.PointStatus;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the points of a sweep can be chosen and ordered by: a swept key by its name or the last
 * segments of it, a metric, a field of the JSON, a column of the table. The first that fits counts.
 */
final class StatusKeys {
  private static final Map<String, String> COLUMNS =
      Map.of(
          "run",
          "run_id",
          "job",
          "slurm_job",
          "rate",
          "tokens_per_second",
          "eta",
          "eta_s",
          "age",
          "age_s");

  private final SweepStatus sweep;
  private final Map<String, Function<PointStatus, @Nullable Object>> known = new LinkedHashMap<>();

  /** The keys of a sweep as it stands. */
  StatusKeys(SweepStatus sweep) {
    this.sweep = sweep;
    for (String key : sweep.points().keys()) {
      put(key, point -> point.point().overrides().get(key));
    }
    Set<String> metrics = new LinkedHashSet<>();
    sweep.statuses().forEach(point -> metrics.addAll(point.metrics().keySet()));
    metrics.forEach(name -> put(name, point -> point.metrics().get(name)));
    Axes.all(sweep.points()).names().forEach((key, name) -> same(name, key));
    put("loss", point -> loss(point));
    put("progress", StatusKeys::share);
    for (StatusRow.Field field : StatusRow.FIELDS) {
      if (!field.name().equals(StatusRow.OVERRIDES) && !field.name().equals("metrics")) {
        put(field.name(), point -> field.of(new StatusRow(sweep, point)));
      }
    }
    COLUMNS.forEach(this::same);
  }

  /** All names, the shortest of each key last. */
  Set<String> names() {
    return known.keySet();
  }

  /** What a point has there, or null where nobody knows the name. */
  @Nullable Function<PointStatus, @Nullable Object> find(String name) {
    Function<PointStatus, @Nullable Object> exact = known.get(name);
    return exact != null
        ? exact
        : sweep.points().keys().stream()
            .filter(key -> key.endsWith("." + name))
            .findFirst()
            .map(known::get)
            .orElse(null);
  }

  /** The newest loss, of whoever trains. */
  static @Nullable Double loss(PointStatus point) {
    return List.of("train/loss", "eval/train_loss", "loss").stream()
        .map(point.metrics()::get)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** From 0 to 1; null while its end is not known. */
  static @Nullable Double share(PointStatus point) {
    return point.maxIters() <= 0
        ? null
        : (Double) Math.min(1, (double) point.iter() / point.maxIters());
  }

  private void same(String name, String as) {
    Function<PointStatus, @Nullable Object> value = known.get(as);
    if (value != null) {
      put(name, value);
    }
  }

  private void put(String name, Function<PointStatus, @Nullable Object> value) {
    known.putIfAbsent(name, value);
  }
}
