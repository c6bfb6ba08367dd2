package dev.sweeprunner.train.checkpoint;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.run.Checkpoints.DamagedCheckpoint;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.SnapshotFormat;
import dev.sweeprunner.run.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The built-in trainer's checkpoints: a {@link TrainingState} in four files. */
public final class TrainingFormat implements SnapshotFormat {
  private final FileSystem files;
  private final Trace trace;

  /**
   * The format over these files.
   *
   * @param trace reaches {@code stage.weights}
   */
  public TrainingFormat(FileSystem files, Trace trace) {
    this.files = files;
    this.trace = trace;
  }

  @Override
  public Written write(Path folder, Snapshot snapshot, int epoch, boolean permanent)
      throws IOException {
    return new CheckpointFolder(files, folder)
        .write((TrainingState) snapshot, epoch, permanent, trace);
  }

  @Override
  public Snapshot read(Path folder, String manifestSha256) throws IOException, DamagedCheckpoint {
    return new CheckpointFolder(files, folder).read(manifestSha256);
  }

  @Override
  public long check(Path folder, String manifestSha256, boolean pruned)
      throws IOException, DamagedCheckpoint {
    return new CheckpointFolder(files, folder).check(manifestSha256, pruned);
  }

  @Override
  public @Nullable String manifestSha256(Path folder) throws IOException {
    return new CheckpointFolder(files, folder).manifestSha256();
  }

  /** As {@link #read}; empty where a user's program has made it. */
  public Optional<TrainingState> own(Path folder, String manifestSha256)
      throws IOException, DamagedCheckpoint {
    CheckpointFolder checkpoint = new CheckpointFolder(files, folder);
    return checkpoint.ofThisTrainer(manifestSha256)
        ? Optional.of(checkpoint.read(manifestSha256))
        : Optional.empty();
  }

  /** The weights stay, with the manifest, whose hash stands in the log. */
  @Override
  public List<String> droppable() {
    return List.of(CheckpointFolder.OPTIMIZER);
  }
}
