package dev.sweeprunner.cli.results;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.Option;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * What of the results is wanted.
 *
 * @param metrics names; empty for all there are
 * @param over keys to average over, by name or last segments; empty for those named as seeds
 * @param all whether each point is wanted by itself, however many there are
 */
record Wish(List<String> metrics, List<String> over, boolean all) {
  private static final Pattern SEED =
      Pattern.compile("(.*[_-])?(seeds?|random_?state)([_-].*)?", Pattern.CASE_INSENSITIVE);

  /** What a command line says. */
  static Wish of(Invocation invocation) {
    return new Wish(
        invocation.texts(Option.METRIC), invocation.texts(Option.OVER), invocation.has(Option.ALL));
  }

  /** The keys of these points that are averaged over; none where each point is wanted. */
  Set<String> over(Points points) {
    if (all) {
      return Set.of();
    }
    return over.isEmpty()
        ? points.varied().stream().filter(Wish::isSeed).collect(inOrder())
        : over.stream().flatMap(name -> key(points, name).stream()).collect(inOrder());
  }

  /** The swept key of this name, whole or its last segments. */
  static Optional<String> key(Points points, String name) {
    return points.keys().contains(name)
        ? Optional.of(name)
        : points.keys().stream().filter(key -> key.endsWith("." + name)).findFirst();
  }

  private static boolean isSeed(String key) {
    String last = key.substring(key.lastIndexOf('.') + 1);
    String words = last.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    return SEED.matcher(words).matches();
  }

  private static Collector<String, ?, LinkedHashSet<String>> inOrder() {
    return Collectors.toCollection(LinkedHashSet::new);
  }
}
