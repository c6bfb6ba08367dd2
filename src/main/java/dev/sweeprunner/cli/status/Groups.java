package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.Axes;
import dev.sweeprunner.cli.HumanFormat;
import dev.sweeprunner.cli.status.Column.Kind;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.State;
import dev.sweeprunner.run.judge.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The points of a large sweep, a line for each value of one key: how many are in which state, how
 * much is done, the newest losses' mean.
 *
 * @param key the key's short name; empty where the points cannot be parted
 * @param groups the points by value, in the file's order
 */
record Groups(String key, Map<String, List<PointStatus>> groups) {
  /** Of a key with more values the groups would be a long list again. */
  private static final int MOST = 40;

  private static final int LONGEST = 30;

  /** No groups. */
  static final Groups NONE = new Groups("", Map.of());

  private static final String TOTAL = "all";

  /**
   * The groups by the key that was asked for; else by the one with the most values that still fit
   * on a screen.
   */
  static Groups of(SweepStatus sweep, List<PointStatus> points, Selection selection) {
    String wanted = selection.group();
    if (!wanted.isEmpty()) {
      Function<PointStatus, @Nullable Object> value = new StatusKeys(sweep).find(wanted);
      return value == null ? NONE : parted(wanted, points, value);
    }
    String best = "";
    int most = 1;
    for (String key : sweep.points().varied()) {
      Set<Object> values = new HashSet<>();
      points.forEach(point -> values.add(shown(point.point().overrides().get(key))));
      if (values.size() > most && values.size() <= MOST) {
        best = key;
        most = values.size();
      }
    }
    String key = best;
    return key.isEmpty()
        ? NONE
        : parted(
            Objects.requireNonNull(Axes.all(sweep.points()).names().get(key)),
            points,
            point -> point.point().overrides().get(key));
  }

  private static Groups parted(
      String name, List<PointStatus> points, Function<PointStatus, @Nullable Object> value) {
    Map<String, List<PointStatus>> groups = new LinkedHashMap<>();
    points.forEach(
        point ->
            groups.computeIfAbsent(shown(value.apply(point)), v -> new ArrayList<>()).add(point));
    return new Groups(name, groups);
  }

  private static String shown(@Nullable Object value) {
    return value == null ? Column.NOTHING : HumanFormat.cut(HumanFormat.value(value), LONGEST);
  }

  boolean isEmpty() {
    return groups.isEmpty();
  }

  /** Who is in which group, and how to see more. */
  String sentence() {
    return "Grouped by "
        + key
        + "; --group KEY takes another key, -f "
        + key
        + "=VALUE one of them, --all lists each point.";
  }

  /** A column of the values, of the points, per state, of what is done. */
  List<Column> columns() {
    Map<String, List<PointStatus>> rows = new LinkedHashMap<>(groups);
    List<PointStatus> all = groups.values().stream().flatMap(List::stream).toList();
    List<List<PointStatus>> cells = new ArrayList<>(rows.values());
    cells.add(all);
    List<String> names = new ArrayList<>(rows.keySet());
    names.add(TOTAL);
    List<Column> columns = new ArrayList<>();
    columns.add(new Column(Kind.FIXED, key, names));
    columns.add(column("points", cells, group -> Integer.toString(group.size())));
    for (State state : State.values()) {
      if (all.stream().anyMatch(point -> point.verdict().state() == state)) {
        columns.add(column(state.shown(), cells, group -> count(group, state)));
      }
    }
    columns.add(column("done", cells, group -> percent(share(group))));
    Column loss = column("mean loss", cells, Groups::meanLoss);
    if (!loss.empty()) {
      columns.add(loss);
    }
    return columns;
  }

  private static Column column(
      String name, List<List<PointStatus>> groups, Function<List<PointStatus>, String> cell) {
    return new Column(Kind.NUMBER, name, groups.stream().map(cell).toList());
  }

  private static String count(List<PointStatus> group, State state) {
    long count = group.stream().filter(point -> point.verdict().state() == state).count();
    return count == 0 ? Column.NOTHING : Long.toString(count);
  }

  /** How much of the updates of these points are made, from 0 to 1; what has ended is done. */
  static double share(List<PointStatus> points) {
    return points.stream()
        .mapToDouble(
            point -> {
              Double share = StatusKeys.share(point);
              return point.verdict() instanceof Verdict.Ended ? 1 : share == null ? 0 : share;
            })
        .average()
        .orElse(1);
  }

  /** Never 100 % before the end. */
  static String percent(double share) {
    return (int) Math.floor(100 * share) + " %";
  }

  private static String meanLoss(List<PointStatus> group) {
    OptionalDouble mean =
        group.stream()
            .map(StatusKeys::loss)
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .filter(Double::isFinite)
            .average();
    return mean.isPresent() ? HumanFormat.metric(mean.getAsDouble()) : Column.NOTHING;
  }
}
