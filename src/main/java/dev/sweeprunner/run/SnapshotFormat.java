package dev.sweeprunner.run;

import dev.sweeprunner.run.Checkpoints.DamagedCheckpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a trainer's checkpoint folder holds. {@link Checkpoints} decides where the folder stands,
 * how long, and what becomes of it; its content is for the trainer alone.
 *
 * <p>A kill in {@link #write} leaves a folder that nobody names. Belongs to one thread at a time.
 */
public interface SnapshotFormat {
  /**
   * Writes all files into the empty folder, each fsynced, a manifest last, and then the folder.
   *
   * @param epoch the claim that writes
   * @param permanent whether it stays when newer ones are published
   */
  Written write(Path folder, Snapshot snapshot, int epoch, boolean permanent) throws IOException;

  /**
   * Reads the state back, after checking the manifest against its hash and the rest against the
   * manifest.
   *
   * @throws DamagedCheckpoint if anything differs from what was written
   * @throws dev.sweeprunner.problem.UserError if a newer version of this program wrote it
   */
  Snapshot read(Path folder, String manifestSha256) throws IOException, DamagedCheckpoint;

  /**
   * Compares the folder as {@link #read} does, without loading it.
   *
   * @param pruned whether {@link #droppable} files may lack
   * @return the iteration that it holds
   * @throws DamagedCheckpoint if anything differs from what was written
   * @throws dev.sweeprunner.problem.UserError if a newer version of this program wrote it
   */
  long check(Path folder, String manifestSha256, boolean pruned)
      throws IOException, DamagedCheckpoint;

  /** The SHA-256 of the manifest in the folder, or null where there is none. */
  @Nullable String manifestSha256(Path folder) throws IOException;

  /** Names of the files that an old permanent checkpoint need not keep. */
  List<String> droppable();

  /**
   * What was written.
   *
   * @param manifestSha256 of the manifest
   * @param bytes of all files
   */
  record Written(String manifestSha256, long bytes) {}
}
