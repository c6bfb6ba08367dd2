package dev.sweeprunner.cli.results;

import dev.sweeprunner.cli.Axes;
import dev.sweeprunner.cli.HumanFormat;
import dev.sweeprunner.run.judge.State;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a person is told beside the numbers: who is missing, what is best, and who says so. */
final class Remarks {
  /** Of more metrics the best is not told: then they are chosen by {@code --metric}. */
  private static final int MOST_BEST = 8;

  private final Results results;
  private final Map<String, String> names;
  private final String plusMinus;

  /** Remarks with this sign before a deviation. */
  Remarks(Results results, String plusMinus) {
    this.results = results;
    this.names = Axes.all(results.points()).names();
    this.plusMinus = plusMinus;
  }

  /** Sentences, in their order. */
  List<String> all() {
    List<String> all = new ArrayList<>();
    all.add(counts());
    if (results.averages()) {
      all.add(
          "Mean "
              + plusMinus
              + " standard deviation (of a sample) over "
              + String.join(
                  ", ", results.over().stream().map(key -> names.getOrDefault(key, key)).toList())
              + ".");
    }
    results.metrics().forEach(metric -> lacking(metric).ifPresent(all::add));
    List<String> aimed =
        results.metrics().stream().filter(metric -> results.best(metric).isPresent()).toList();
    aimed.stream().limit(MOST_BEST).map(this::best).forEach(all::add);
    if (aimed.size() > MOST_BEST) {
      int more = aimed.size() - MOST_BEST;
      all.add("The best of " + more + " more metrics: --metric NAME.");
    }
    unaimed().ifPresent(all::add);
    return all;
  }

  private String counts() {
    Map<State, Integer> counts = new EnumMap<>(State.class);
    results.outcomes().forEach(outcome -> counts.merge(outcome.state(), 1, Integer::sum));
    List<String> parts = new ArrayList<>();
    counts.forEach((state, count) -> parts.add(count + " " + state.shown()));
    long lacking = results.outcomes().stream().filter(outcome -> !outcome.counts()).count();
    String sentence =
        HumanFormat.plural(results.outcomes().size(), "point") + ": " + String.join(", ", parts);
    if (lacking > 0) {
      sentence +=
          "; "
              + lacking
              + (lacking == 1 ? " is not finished and is" : " are not finished and are")
              + " in no mean and no best";
    }
    return sentence + (results.metrics().isEmpty() ? ". No point has a value yet." : ".");
  }

  /** Which finished points have no number there. */
  private Optional<String> lacking(String metric) {
    List<Outcome> counted = results.outcomes().stream().filter(Outcome::counts).toList();
    long none = counted.stream().filter(outcome -> outcome.value(metric) == null).count();
    long odd = counted.stream().filter(outcome -> !outcome.measured(metric)).count() - none;
    List<String> parts = new ArrayList<>();
    if (odd > 0) {
      parts.add("is no finite number at " + HumanFormat.plural(odd, "finished point"));
    }
    if (none > 0) {
      parts.add("is missing at " + HumanFormat.plural(none, "finished point"));
    }
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(metric + " " + String.join(" and ", parts) + ".");
  }

  private String best(String metric) {
    Outcome best = results.best(metric).orElseThrow();
    String point =
        "Best %s %s: %s"
            .formatted(
                metric,
                HumanFormat.metric(value(best, metric)),
                (best.runId() + " " + spelled(best.status().point().overrides())).strip());
    String mean = results.averages() ? bestMean(metric) : "";
    return point + mean + " (" + results.aim(metric).words() + ").";
  }

  private String bestMean(String metric) {
    return results
        .bestMean(metric)
        .map(
            best ->
                "; best mean "
                    + Cells.mean(best.spread(metric), plusMinus)
                    + " of "
                    + best.outcomes().size()
                    + (best.overrides().isEmpty() ? "" : ": " + spelled(best.overrides())))
        .orElse("; no best mean, for none is of all its points");
  }

  private static double value(Outcome outcome, String metric) {
    Double value = outcome.value(metric);
    return value == null ? Double.NaN : value;
  }

  /** Of the keys that take several values; of none, all. */
  private String spelled(Map<String, @Nullable Object> overrides) {
    List<String> varied = results.points().varied();
    List<String> parts = new ArrayList<>();
    overrides.forEach(
        (key, value) -> {
          if (varied.contains(key)) {
            parts.add(names.get(key) + "=" + HumanFormat.value(value));
          }
        });
    return String.join(" ", parts);
  }

  private Optional<String> unaimed() {
    List<String> unaimed =
        results.metrics().stream().filter(m -> results.aim(m) == Aim.UNKNOWN).toList();
    if (unaimed.isEmpty()) {
      return Optional.empty();
    }
    String some = String.join(", ", unaimed.subList(0, Math.min(MOST_BEST, unaimed.size())));
    return Optional.of(
        "No best of "
            + some
            + (unaimed.size() > MOST_BEST ? ", ..." : "")
            + ": nobody says which end is better; metric: {name: ..., goal: ...} of the sweep file"
            + " does.");
  }
}
