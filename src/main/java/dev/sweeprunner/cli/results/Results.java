package dev.sweeprunner.cli.results;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.judge.PointStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the points of a sweep have come to: the single place where a final value, a mean and a best
 * are decided. A run that several points share counts once. Immutable.
 *
 * @param points the grid
 * @param settings in grid order
 * @param over the swept keys that are averaged over; empty where each point stands by itself
 * @param metrics names in the order in which they are given: the sweep file's first
 */
record Results(Points points, List<Setting> settings, Set<String> over, List<String> metrics) {

  /** The results of a sweep as it stands. */
  static Results of(Points points, List<PointStatus> statuses, Wish wish) {
    List<Outcome> outcomes =
        statuses.stream()
            .filter(status -> !points.isDuplicate(status.point().index()))
            .map(Outcome::new)
            .toList();
    Set<String> over = wish.over(points);
    Set<String> known = known(points, outcomes);
    List<String> metrics =
        wish.metrics().isEmpty()
            ? List.copyOf(known)
            : wish.metrics().stream().distinct().filter(known::contains).toList();
    return new Results(points, settings(outcomes, over), over, metrics);
  }

  private static List<Setting> settings(List<Outcome> outcomes, Set<String> over) {
    Map<Map<String, @Nullable Object>, List<Outcome>> alike = new LinkedHashMap<>();
    for (Outcome outcome : outcomes) {
      Map<String, @Nullable Object> kept =
          new LinkedHashMap<>(outcome.status().point().overrides());
      kept.keySet().removeAll(over);
      alike.computeIfAbsent(kept, key -> new ArrayList<>()).add(outcome);
    }
    List<Setting> settings = new ArrayList<>();
    alike.forEach((overrides, members) -> settings.add(new Setting(overrides, members)));
    return settings;
  }

  private static Set<String> known(Points points, List<Outcome> outcomes) {
    Set<String> names = new LinkedHashSet<>();
    outcomes.forEach(outcome -> names.addAll(outcome.status().metrics().keySet()));
    Optional<String> aimed = points.aim().filter(names::contains);
    Set<String> known = new LinkedHashSet<>(aimed.stream().toList());
    known.addAll(names);
    return known;
  }

  /** All points, in grid order but for those that differ only in what is averaged over. */
  List<Outcome> outcomes() {
    return settings.stream().flatMap(setting -> setting.outcomes().stream()).toList();
  }

  /** Whether anything is averaged over. */
  boolean averages() {
    return !over.isEmpty();
  }

  /** The swept keys that settings differ in, or have. */
  List<String> keys() {
    return points.keys().stream().filter(key -> !over.contains(key)).toList();
  }

  Aim aim(String metric) {
    return Aim.of(metric, points.sweep().metric());
  }

  /** The point with the best final value; empty where nobody says what is better. */
  Optional<Outcome> best(String metric) {
    Aim aim = aim(metric);
    return outcomes().stream()
        .filter(outcome -> aim != Aim.UNKNOWN && outcome.measured(metric))
        .min(Comparator.comparing(o -> Objects.requireNonNull(o.value(metric)), aim.order()));
  }

  /**
   * The setting with the best mean. One of which a point lacks is none: the best of few would often
   * be the luckiest.
   */
  Optional<Setting> bestMean(String metric) {
    Aim aim = aim(metric);
    return settings.stream()
        .filter(setting -> aim != Aim.UNKNOWN && setting.whole(metric))
        .min(Comparator.comparing(s -> mean(s, metric), aim.order()));
  }

  static double mean(Setting setting, String metric) {
    Double mean = setting.spread(metric).mean();
    return mean == null ? Double.NaN : mean;
  }

  /** The setting that a view marks as the best in this: {@link Setting#index}. */
  OptionalInt marked(String metric) {
    return averages()
        ? bestMean(metric).stream().mapToInt(Setting::index).findFirst()
        : best(metric).stream().mapToInt(Outcome::index).findFirst();
  }
}
