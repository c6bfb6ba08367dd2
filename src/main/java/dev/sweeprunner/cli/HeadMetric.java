package dev.sweeprunner.cli;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Of the metrics of a program that nobody knows, the one to show. */
public final class HeadMetric {
  private static final List<Pattern> WISHED =
      Stream.of("(.*[/_])?val[/_]loss", "(.*[/_])?eval[/_]loss", ".*loss")
          .map(Pattern::compile)
          .toList();

  private HeadMetric() {}

  /**
   * The name to show: the one that the sweep file aims at, else a loss, of the validation before
   * others, else the first.
   *
   * @param names all there are, in the program's order
   * @param aim the sweep file's metric, or empty
   */
  public static Optional<String> of(Collection<String> names, Optional<String> aim) {
    Set<String> all = new LinkedHashSet<>(names);
    if (aim.filter(all::contains).isPresent()) {
      return aim;
    }
    for (Pattern wished : WISHED) {
      Optional<String> found =
          all.stream().filter(name -> wished.matcher(name).matches()).findFirst();
      if (found.isPresent()) {
        return found;
      }
    }
    return all.stream().findFirst();
  }
}
