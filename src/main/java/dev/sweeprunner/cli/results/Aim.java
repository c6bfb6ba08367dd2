package dev.sweeprunner.cli.results;

import dev.sweeprunner.sweep.Metric;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which end of a metric is the better one, and who says so. */
enum Aim {
  /** The sweep file wants it small. */
  MINIMIZE("lower is better: the sweep file says so"),
  /** The sweep file wants it large. */
  MAXIMIZE("higher is better: the sweep file says so"),
  /** It is called a loss or a perplexity. */
  LOWER_BY_NAME("lower is better, by its name"),
  /** Nobody says. */
  UNKNOWN("");

  private static final Pattern LOWER = Pattern.compile("loss|ppl|perplexity");

  private final String words;

  Aim(String words) {
    this.words = words;
  }

  /**
   * That of a metric.
   *
   * @param said what the sweep file says of its metric, or null where it names none
   */
  static Aim of(String name, @Nullable Metric said) {
    if (said != null && said.name().equals(name)) {
      return said.goal() == Metric.Goal.MAXIMIZE ? MAXIMIZE : MINIMIZE;
    }
    return LOWER.matcher(name.toLowerCase(Locale.ROOT)).find() ? LOWER_BY_NAME : UNKNOWN;
  }

  /** As a person is told. */
  String words() {
    return words;
  }

  /** As W&amp;B's sweep files write it; null where nobody says. */
  @Nullable String goal() {
    return this == UNKNOWN ? null : this == MAXIMIZE ? "maximize" : "minimize";
  }

  /** Who says so, for programs; null where nobody does. */
  @Nullable String from() {
    return this == UNKNOWN ? null : this == LOWER_BY_NAME ? "name" : "sweep";
  }

  /** The better value first, the lower one where nobody says. */
  Comparator<Double> order() {
    return this == MAXIMIZE ? Comparator.reverseOrder() : Comparator.naturalOrder();
  }
}
