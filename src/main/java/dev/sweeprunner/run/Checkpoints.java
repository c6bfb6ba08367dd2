package dev.sweeprunner.run;

import dev.sweeprunner.config.RunKey;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Checkpoints of runs on disk. What is published is decided by the claim log alone; this port only
 * writes, moves, reads and removes folders. Belongs to one thread.
 */
public interface Checkpoints {
  /** How many of the newest published checkpoints, by {@link Lineage#newestFirst}, stay whole. */
  int WHOLE = 2;

  /** Writes the snapshot into the claim's own epoch folder, with a manifest, fsynced. */
  Staged stage(RunKey key, int epoch, Snapshot snapshot, boolean permanent) throws IOException;

  /**
   * The same, in place of the published one of its iteration: under a name of its own, since that
   * one stays until this one is published.
   */
  Staged stageEnd(RunKey key, int epoch, Snapshot snapshot, boolean permanent) throws IOException;

  /** Renames a staged checkpoint to its final, epoch-bearing name, durably. */
  void settle(Staged staged) throws IOException;

  /**
   * Removes everything that a superseded claim keeps in its own epoch folder, but for what its
   * program has logged: an heir may go on from that, and an heir of that one.
   */
  void abandon(RunKey key, int epoch) throws IOException;

  /**
   * Reads a published checkpoint, checking every size and hash.
   *
   * @throws DamagedCheckpoint if anything differs from what was published
   */
  Snapshot load(RunKey key, PublishedCheckpoint checkpoint) throws IOException, DamagedCheckpoint;

  /**
   * What is wrong with a published checkpoint, by every size and hash, without loading it; empty if
   * it is what was published.
   *
   * @param pruned whether what {@link #prune} takes from an old permanent one may lack
   * @throws IOException if it could not be read, which says nothing about its content
   * @throws dev.sweeprunner.problem.UserError if a newer version of this program wrote it
   */
  Optional<String> damage(RunKey key, PublishedCheckpoint checkpoint, boolean pruned)
      throws IOException;

  /**
   * After a PUBLISH: points {@code ckpt/latest}, keeps the {@link #WHOLE} newest published ones
   * whole and older permanent ones by their weights, and removes the rest, as well as what no
   * publish names and an epoch up to {@code epoch} left.
   */
  void prune(RunKey key, int epoch, List<PublishedCheckpoint> published) throws IOException;

  /** Removes what earlier epochs staged and never published; after one's own first PUBLISH only. */
  void clearStaging(RunKey key, int epoch) throws IOException;

  /**
   * A checkpoint in its epoch folder.
   *
   * @param key the run
   * @param epoch the claim
   * @param iter completed updates
   * @param name final folder name
   * @param manifestSha256 of its manifest
   * @param permanent whether it stays
   * @param bytes written
   */
  record Staged(
      RunKey key,
      int epoch,
      long iter,
      String name,
      String manifestSha256,
      boolean permanent,
      long bytes) {}

  /** A checkpoint that is not what was published. */
  final class DamagedCheckpoint extends Exception {
    private static final long serialVersionUID = 1L;

    /** One sentence with the file and what is wrong with it. */
    public DamagedCheckpoint(String message) {
      super(message);
    }
  }
}
