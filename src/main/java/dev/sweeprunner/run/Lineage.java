package dev.sweeprunner.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The checkpoints a run's present state really stands on. Pure. */
public final class Lineage {
  private Lineage() {}

  /**
   * Walks back from {@code tip}: each part starts where the one before it in the lineage ended.
   *
   * <p>A worker that could not read the newest checkpoint went on from an older one; what was
   * published in between belongs to no lineage any more.
   *
   * @param published all publishes in log order, oldest first, {@code tip} among them
   * @return the lineage, oldest first, ending in {@code tip}
   */
  public static List<PublishedCheckpoint> to(
      PublishedCheckpoint tip, List<PublishedCheckpoint> published) {
    List<PublishedCheckpoint> lineage = new ArrayList<>();
    lineage.add(tip);
    long from = tip.from();
    for (int i = published.lastIndexOf(tip) - 1; i >= 0 && from > 0; i--) {
      PublishedCheckpoint candidate = published.get(i);
      if (candidate.iter() == from) {
        lineage.add(candidate);
        from = candidate.from();
      }
    }
    Collections.reverse(lineage);
    return lineage;
  }
}
