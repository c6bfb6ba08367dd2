package dev.sweeprunner.cli;

import dev.sweeprunner.run.scale.ScaleReport.Line;
import dev.sweeprunner.run.scale.Tally;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of each profile do: a row each, below a header.
 *
 * @param profiles in their order
 * @param time writes a time of day
 */
record ScaleTable(List<Line> profiles, Function<Instant, String> time) {
  private static final String GAP = "  ";
  private static final String NOTHING = "-";

  /** The header, and a row for each profile. */
  List<String> lines() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "profile",
            "limit",
            "working",
            "idle",
            "pending",
            "suspended",
            "failed starts",
            "paused until",
            "end"));
    profiles.forEach(profile -> rows.add(row(profile)));
    int columns = rows.get(0).size();
    List<Integer> widths =
        IntStream.range(0, columns)
            .mapToObj(i -> rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0))
            .toList();
    return rows.stream()
        .map(
            row ->
                IntStream.range(0, columns)
                    .mapToObj(i -> padded(row.get(i), widths.get(i)))
                    .collect(Collectors.joining(GAP))
                    .stripTrailing())
        .toList();
  }

  /** A line without the expected end, which is another at each look. */
  static String lasting(String line) {
    return line.replaceFirst("  +([0-9]+:[0-9]+|-)$", "");
  }

  private static String padded(String cell, int width) {
    return cell + " ".repeat(width - cell.length());
  }

  private List<String> row(Line line) {
    Tally tally = line.tally();
    int configured = line.profile().limit();
    return List.of(
        line.profile().name(),
        line.limit() == configured ? "" + configured : line.limit() + " of " + configured,
        "" + tally.working(),
        "" + tally.idle(),
        pending(tally),
        "" + tally.suspended(),
        "" + line.failedStarts(),
        told(line.pausedUntil()),
        told(line.end()));
  }

  /** {@code 3 (2 Priority, 1 Resources)}; those that may never start are told apart. */
  private static String pending(Tally tally) {
    String counts =
        tally.blocked() == 0
            ? "" + tally.pending()
            : tally.pending() + " and " + tally.blocked() + " blocked";
    if (tally.reasons().isEmpty()) {
      return counts;
    }
    boolean one = tally.reasons().size() == 1;
    Stream<String> reasons =
        tally.reasons().entrySet().stream()
            .map(entry -> (one ? "" : entry.getValue() + " ") + entry.getKey());
    return counts + " (" + reasons.collect(Collectors.joining(", ")) + ")";
  }

  private String told(@Nullable Instant at) {
    return at == null ? NOTHING : time.apply(at);
  }
}
