package dev.sweeprunner.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The checkpoints a run's present state really stands on. Pure. */
public final class Lineage {
  private static final Comparator<PublishedCheckpoint> LOG_ORDER =
      Comparator.comparingInt(PublishedCheckpoint::epoch)
          .thenComparingLong(PublishedCheckpoint::iter)
          .thenComparing(
              PublishedCheckpoint::name); // what is published in place of one comes after

  private Lineage() {}

  /**
   * Walks back from {@code tip}: each part starts where the one before it in the lineage ended.
   *
   * <p>A worker that could not read the newest checkpoint, or a metric part under it, went on from
   * an older one; what was published in between belongs to no lineage any more.
   *
   * @param published all publishes in log order, oldest first; a {@code tip} that is not among them
   *     comes after all
   * @return the lineage, oldest first, ending in {@code tip}; empty where the log does not name all
   *     of it
   */
  public static List<PublishedCheckpoint> to(
      PublishedCheckpoint tip, List<PublishedCheckpoint> published) {
    List<PublishedCheckpoint> lineage = new ArrayList<>();
    lineage.add(tip);
    long from = tip.from();
    int named = published.lastIndexOf(tip);
    for (int i = (named < 0 ? published.size() : named) - 1; i >= 0 && from > 0; i--) {
      PublishedCheckpoint candidate = published.get(i);
      if (candidate.iter() == from) {
        lineage.add(candidate);
        from = candidate.from();
      }
    }
    if (from > 0) {
      return List.of();
    }
    Collections.reverse(lineage);
    return lineage;
  }

  /**
   * All of them in the order in which they are kept: the newest with its lineage, newest first,
   * then what belongs to no lineage any more.
   */
  public static List<PublishedCheckpoint> newestFirst(List<PublishedCheckpoint> published) {
    List<PublishedCheckpoint> logged = published.stream().sorted(LOG_ORDER).distinct().toList();
    Set<PublishedCheckpoint> ordered = new LinkedHashSet<>();
    if (!logged.isEmpty()) {
      addBackwards(to(logged.get(logged.size() - 1), logged), ordered);
    }
    addBackwards(logged, ordered);
    return List.copyOf(ordered);
  }

  private static void addBackwards(
      List<PublishedCheckpoint> oldestFirst, Set<PublishedCheckpoint> ordered) {
    for (int i = oldestFirst.size() - 1; i >= 0; i--) {
      ordered.add(oldestFirst.get(i));
    }
  }
}
