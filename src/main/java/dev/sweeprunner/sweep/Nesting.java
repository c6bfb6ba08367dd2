package dev.sweeprunner.sweep;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Puts values together to a point: nested, in the order of W&amp;B's {@code to_config}, or flat.
 */
final class Nesting {
  /** Code points, which differ from Java's own order beyond the BMP. */
  static final Comparator<String> BY_CODE_POINT =
      (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

  /** What W&amp;B joins nested names with; its nested names are in the order of the joined ones. */
  private static final String JOINT = ".wbnest[599c28ca25da].";

  private final List<Variable> variables;

  /** Indices of the variables in the order in which they are put into the nested map. */
  private final int[] order;

  /** For variables in W&amp;B's order: depth first, sorted by code point at every level. */
  Nesting(List<Variable> variables) {
    this.variables = variables;
    IntStream plain = IntStream.range(0, variables.size()).filter(i -> !nested(i));
    IntStream nested =
        IntStream.range(0, variables.size())
            .filter(this::nested)
            .boxed()
            .sorted(Comparator.comparing(this::joined, BY_CODE_POINT))
            .mapToInt(i -> i);
    this.order = IntStream.concat(plain, nested).toArray();
  }

  private boolean nested(int variable) {
    return variables.get(variable).path().size() > 1;
  }

  private String joined(int variable) {
    return String.join(JOINT, variables.get(variable).path());
  }

  /** Dotted names of the variables whose index passes. */
  List<String> names(IntPredicate passes) {
    return IntStream.range(0, variables.size())
        .filter(passes)
        .mapToObj(i -> variables.get(i).name())
        .toList();
  }

  /** By dotted name. */
  Map<String, @Nullable Object> flat(IntFunction<@Nullable Object> value) {
    Map<String, @Nullable Object> point = new LinkedHashMap<>();
    for (int i = 0; i < variables.size(); i++) {
      point.put(variables.get(i).name(), value.apply(i));
    }
    return Collections.unmodifiableMap(point);
  }

  /** As the program sees it. */
  Map<String, @Nullable Object> nested(IntFunction<@Nullable Object> value) {
    Level root = new Level();
    for (int variable : order) {
      Level level = root;
      List<String> path = variables.get(variable).path();
      for (String part : path.subList(0, path.size() - 1)) {
        level = level.below(part);
      }
      level.entries.put(path.get(path.size() - 1), value.apply(variable));
    }
    return root.seen;
  }

  /** A map that is still being filled, and the view of it that is handed out. */
  private static final class Level {
    private final Map<String, @Nullable Object> entries = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> seen = Collections.unmodifiableMap(entries);
    private final Map<String, Level> levels = new LinkedHashMap<>();

    private Level below(String part) {
      Level level = levels.get(part);
      if (level == null) {
        level = new Level();
        levels.put(part, level);
        entries.put(part, level.seen);
      }
      return level;
    }
  }
}
