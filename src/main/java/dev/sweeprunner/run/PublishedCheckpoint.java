package dev.sweeprunner.run;

import org.jspecify.annotations.Nullable;

/**
 * What a PUBLISH record names: a checkpoint with the metric part that belongs to it.
 *
 * @param iter completed updates; 0…max_iters
 * @param epoch the claim that wrote it
 * @param name folder under {@code ckpt/}: {@code {iter:07d}-e{epoch}}, with {@code -end} where it
 *     was published in place of another one of its iteration
 * @param manifestSha256 of its {@code manifest.json}
 * @param permanent whether it stays when newer ones are published
 * @param from the iteration the part starts at: that of the publish before it in this run's lineage
 * @param part file under {@code metrics/}; of one in place of another that one's, as are its rows
 *     and {@code from}
 * @param partSha256 of the part's bytes
 * @param partRows rows in the part: those with {@code from <= step < iter}
 * @param imported what this lineage began with; null where it began with nothing
 */
public record PublishedCheckpoint(
    long iter,
    int epoch,
    String name,
    String manifestSha256,
    boolean permanent,
    long from,
    String part,
    String partSha256,
    long partRows,
    @Nullable Origin imported) {
  /** Whether it is the import itself, on which nobody has trained here. */
  public boolean isImport() {
    return imported != null && iter == imported.iter() && from == 0 && partRows == 0;
  }

  /** The update of the first row that its part may hold. */
  public long firstStep() {
    return isImport() ? iter : from;
  }

  /** One of a run that began with nothing. */
  public PublishedCheckpoint(
      long iter,
      int epoch,
      String name,
      String manifestSha256,
      boolean permanent,
      long from,
      String part,
      String partSha256,
      long partRows) {
    this(iter, epoch, name, manifestSha256, permanent, from, part, partSha256, partRows, null);
  }
}
