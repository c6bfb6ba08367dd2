package dev.sweeprunner.torture;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.run.Checkpoints.DamagedCheckpoint;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.SnapshotFormat;
import dev.sweeprunner.run.Trace;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints of the torture trainer: {@code weights} and {@code optimizer}, a hash each, and a
 * manifest of one line. All bytes follow from run, step and epoch, so that a checker knows them.
 */
record ChainFormat(FileSystem files, Trace trace) implements SnapshotFormat {
  private static final String WEIGHTS = "weights";
  private static final String OPTIMIZER = "optimizer";
  private static final String MANIFEST = "manifest.json";

  @Override
  public Written write(Path folder, Snapshot snapshot, int epoch, boolean permanent)
      throws IOException {
    ChainState state = (ChainState) snapshot;
    byte[] weights = state.hash().getBytes(UTF_8);
    byte[] optimizer = optimizer(state.hash());
    byte[] manifest = manifest(state.iter(), epoch, permanent, weights, optimizer).getBytes(UTF_8);
    files.create(folder.resolve(WEIGHTS), weights);
    trace.reach("stage.weights");
    files.create(folder.resolve(OPTIMIZER), optimizer);
    files.create(folder.resolve(MANIFEST), manifest);
    files.syncFolder(folder);
    return new Written(
        Sha256.of(manifest), weights.length + (long) optimizer.length + manifest.length);
  }

  private static byte[] optimizer(String hash) {
    return Sha256.of("optimizer " + hash).getBytes(UTF_8);
  }

  private static String manifest(
      long iter, int epoch, boolean permanent, byte[] weights, byte[] optimizer) {
    return "{\"iter\":%d,\"epoch\":%d,\"permanent\":%b,\"weights\":\"%s\",\"optimizer\":\"%s\"}\n"
        .formatted(iter, epoch, permanent, Sha256.of(weights), Sha256.of(optimizer));
  }

  @Override
  public Snapshot read(Path folder, String manifestSha256) throws IOException, DamagedCheckpoint {
    return compared(folder, manifestSha256, List.of(WEIGHTS, OPTIMIZER));
  }

  @Override
  public long check(Path folder, String manifestSha256, boolean pruned)
      throws IOException, DamagedCheckpoint {
    List<String> kept = pruned ? List.of(WEIGHTS) : List.of(WEIGHTS, OPTIMIZER);
    return compared(folder, manifestSha256, kept).iter();
  }

  private ChainState compared(Path folder, String manifestSha256, List<String> kept)
      throws IOException, DamagedCheckpoint {
    try {
      byte[] manifest = files.read(folder.resolve(MANIFEST));
      String text = new String(manifest, UTF_8);
      boolean whole = Sha256.of(manifest).equals(manifestSha256);
      for (String name : kept) {
        whole &= text.contains(Sha256.of(files.read(folder.resolve(name))));
      }
      if (!whole) {
        throw new DamagedCheckpoint(folder + " is not what was published");
      }
      String iter = text.substring(text.indexOf(':') + 1, text.indexOf(','));
      String hash = new String(files.read(folder.resolve(WEIGHTS)), UTF_8);
      return new ChainState(Long.parseLong(iter), hash);
    } catch (NoSuchFileException e) {
      throw new DamagedCheckpoint(e.getMessage() + " is missing");
    }
  }

  @Override
  public @Nullable String manifestSha256(Path folder) throws IOException {
    try {
      return Sha256.of(files.read(folder.resolve(MANIFEST)));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  public List<String> droppable() {
    return List.of(OPTIMIZER);
  }
}
