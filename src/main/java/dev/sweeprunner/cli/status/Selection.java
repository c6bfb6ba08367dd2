package dev.sweeprunner.cli.status;

import dev.sweeprunner.cli.HumanFormat;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.Option;
import dev.sweeprunner.problem.Nearest;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.run.judge.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which points are shown, in which order, one by one or in groups. Immutable.
 *
 * @param states their words; a point is in one of them. Empty for all
 * @param values by key: a point has one of them for each key
 * @param sort the key to order by, a hyphen before it for downwards; empty for the grid's order
 * @param group the key that groups go by; empty for the one that suits
 * @param all whether each point is wanted, however many there are
 */
record Selection(
    Set<String> states, Map<String, Set<String>> values, String sort, String group, boolean all) {
  /** Every point, in grid order; in groups where there are many. */
  static final Selection ALL = new Selection(Set.of(), Map.of(), "", "", false);

  /** What a command line says. */
  static Selection of(Invocation invocation) {
    Set<String> states = new LinkedHashSet<>();
    invocation.texts(Option.STATE).forEach(some -> states.addAll(List.of(some.split(","))));
    Map<String, Set<String>> values = new LinkedHashMap<>();
    for (String pair : invocation.texts(Option.FILTER)) {
      int equals = pair.indexOf('=');
      values
          .computeIfAbsent(pair.substring(0, equals), key -> new LinkedHashSet<>())
          .add(pair.substring(equals + 1));
    }
    return new Selection(
        states,
        values,
        invocation.text(Option.SORT).orElse(""),
        invocation.text(Option.GROUP).orElse(""),
        invocation.has(Option.ALL));
  }

  /** Whether some points may not be shown. */
  boolean chooses() {
    return !states.isEmpty() || !values.isEmpty();
  }

  /**
   * Refuses keys that none of the sweeps knows.
   *
   * @throws UserError naming the nearest known one
   */
  void check(List<SweepStatus> sweeps) {
    Set<String> wanted = new LinkedHashSet<>(values.keySet());
    Stream.of(sortKey(), group).filter(key -> !key.isEmpty()).forEach(wanted::add);
    if (wanted.isEmpty()) {
      return;
    }
    List<StatusKeys> known = sweeps.stream().map(StatusKeys::new).toList();
    for (String key : wanted) {
      if (known.stream().allMatch(keys -> keys.find(key) == null)) {
        List<String> names = known.stream().flatMap(keys -> keys.names().stream()).toList();
        throw new UserError(
            key,
            "no point has such a key",
            Nearest.to(key, names)
                .map(nearest -> "Did you mean " + nearest + "?")
                .orElse("Name a swept key, a metric or a field of status --format json"));
      }
    }
  }

  /** What is shown of a sweep, in its order. */
  List<PointStatus> of(SweepStatus sweep) {
    if (!chooses() && sort.isEmpty()) {
      return sweep.statuses();
    }
    StatusKeys keys = new StatusKeys(sweep);
    Stream<PointStatus> chosen = sweep.statuses().stream().filter(this::inState);
    for (Map.Entry<String, Set<String>> wanted : values.entrySet()) {
      Function<PointStatus, @Nullable Object> value = keys.find(wanted.getKey());
      chosen =
          value == null
              ? Stream.empty()
              : chosen.filter(
                  point -> wanted.getValue().stream().anyMatch(w -> is(value.apply(point), w)));
    }
    Function<PointStatus, @Nullable Object> order = sort.isEmpty() ? null : keys.find(sortKey());
    return order == null ? chosen.toList() : sorted(chosen.toList(), order);
  }

  private String sortKey() {
    return down() ? sort.substring(1) : sort;
  }

  private boolean down() {
    return sort.startsWith("-");
  }

  private boolean inState(PointStatus point) {
    State state = point.verdict().state();
    return states.isEmpty() || states.contains(state.word()) || states.contains(state.shown());
  }

  /** Whether a value is that which a person wrote: as text, or the same number. */
  private static boolean is(@Nullable Object value, String written) {
    String text = value == null ? "" : HumanFormat.value(value);
    return text.equals(written)
        || (value instanceof Number number
            && Objects.equals(number(written), number.doubleValue()));
  }

  private static @Nullable Double number(String text) {
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException none) {
      return null;
    }
  }

  /** Numbers before texts; what has no value comes last, whichever way it goes. */
  private List<PointStatus> sorted(
      List<PointStatus> points, Function<PointStatus, @Nullable Object> order) {
    List<Placed> placed = new ArrayList<>();
    points.forEach(point -> placed.add(new Placed(point, order.apply(point))));
    Comparator<Placed> byValue =
        Comparator.comparing(Placed::isText)
            .thenComparingDouble(Placed::size)
            .thenComparing(Placed::text);
    Comparator<Placed> wanted = down() ? byValue.reversed() : byValue;
    return placed.stream()
        .sorted(Comparator.comparing(Placed::isMissing).thenComparing(wanted))
        .map(Placed::point)
        .toList();
  }

  /** A point with what it is ordered by. */
  private record Placed(PointStatus point, @Nullable Object value) {
    boolean isMissing() {
      return value == null || (value instanceof Double number && number.isNaN());
    }

    boolean isText() {
      return !(value instanceof Number);
    }

    double size() {
      return value instanceof Number number ? number.doubleValue() : 0;
    }

    String text() {
      return value == null ? "" : HumanFormat.value(value);
    }
  }
}
