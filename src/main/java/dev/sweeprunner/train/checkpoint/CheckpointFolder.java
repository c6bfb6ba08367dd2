package dev.sweeprunner.train.checkpoint;

import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.IoReason;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Checkpoints.DamagedCheckpoint;
import dev.sweeprunner.run.SnapshotFormat.Written;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.train.model.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The four files of one checkpoint: writing them with their hashes, reading them back checked. */
final class CheckpointFolder {
  static final String MANIFEST = "manifest.json";
  static final String WEIGHTS = "weights.safetensors";
  static final String OPTIMIZER = "optimizer.safetensors";
  static final String STATE = "state.json";

  private final FileSystem files;
  private final Path folder;

  CheckpointFolder(FileSystem files, Path folder) {
    this.files = files;
    this.folder = folder;
  }

  /**
   * Writes all four files, each fsynced, the manifest last.
   *
   * @return the manifest's hash and the bytes written
   */
  Written write(TrainingState state, int epoch, boolean permanent, Trace trace) throws IOException {
    Map<String, Manifest.Stored> stored = new LinkedHashMap<>();
    TrainingState.Tensors tensors = state.tensors();
    stored.put(WEIGHTS, write(WEIGHTS, out -> Safetensors.write(out, tensors.weights())));
    trace.reach("stage.weights");
    stored.put(OPTIMIZER, write(OPTIMIZER, out -> Safetensors.write(out, tensors.optimizer())));
    byte[] json = stateJson(state);
    stored.put(STATE, write(STATE, out -> out.write(json)));
    byte[] manifest =
        new Manifest(state.iter(), epoch, permanent, state.configSha256(), state.numerics(), stored)
            .json();
    files.create(folder.resolve(MANIFEST), manifest);
    files.syncFolder(folder);
    long bytes = manifest.length;
    for (Manifest.Stored file : stored.values()) {
      bytes += file.bytes();
    }
    return new Written(Sha256.of(manifest), bytes);
  }

  /** The SHA-256 of the manifest, or null where there is none. */
  @Nullable String manifestSha256() throws IOException {
    try {
      return Sha256.of(files.read(folder.resolve(MANIFEST)));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /**
   * Reads the state, after checking the manifest against {@code manifestSha256} and each file
   * against the manifest.
   */
  TrainingState read(String manifestSha256) throws IOException, DamagedCheckpoint {
    Manifest manifest = manifest(manifestSha256);
    try {
      TrainingState.Tensors tensors =
          new TrainingState.Tensors(tensors(WEIGHTS, manifest), tensors(OPTIMIZER, manifest));
      return state(manifest, Fields.of(checked(STATE, manifest)), tensors);
    } catch (UnreadableJson e) {
      throw damaged(STATE, "is not as written: " + e.getMessage());
    }
  }

  /**
   * Compares the files in the same way, without keeping them in memory.
   *
   * @param pruned whether the optimizer's may lack
   * @return the iteration
   */
  long check(String manifestSha256, boolean pruned) throws IOException, DamagedCheckpoint {
    Manifest manifest = manifest(manifestSha256);
    for (String name : List.of(WEIGHTS, OPTIMIZER, STATE)) {
      if (!(pruned && name.equals(OPTIMIZER) && Files.notExists(folder.resolve(name)))) {
        compare(name, stored(name, manifest));
      }
    }
    return manifest.iter();
  }

  /** Whether this trainer has made it, and no program of a user's. */
  boolean ofThisTrainer(String manifestSha256) throws IOException, DamagedCheckpoint {
    try {
      return root(manifestSha256).members().containsKey("kernels");
    } catch (UnreadableJson e) {
      throw damaged(MANIFEST, "is not as written: " + e.getMessage());
    }
  }

  private Manifest manifest(String manifestSha256) throws IOException, DamagedCheckpoint {
    try {
      return Manifest.read(root(manifestSha256));
    } catch (UnreadableJson e) {
      throw damaged(MANIFEST, "is not as written: " + e.getMessage());
    }
  }

  private Fields root(String manifestSha256) throws IOException, DamagedCheckpoint, UnreadableJson {
    byte[] json = bytes(MANIFEST);
    String found = Sha256.of(json);
    if (!found.equals(manifestSha256)) {
      throw damaged(
          MANIFEST, "has SHA-256 " + found + ", but " + manifestSha256 + " was published");
    }
    Fields root = Fields.of(json);
    refuseNewer(root, MANIFEST);
    return root;
  }

  private void compare(String name, Manifest.Stored stored) throws IOException, DamagedCheckpoint {
    Path file = folder.resolve(name);
    try (InputStream in = Files.newInputStream(file)) {
      require(name, stored, Files.size(file), Sha256.of(in));
    } catch (IOException e) {
      throw unread(name, e);
    }
  }

  private void require(String name, Manifest.Stored stored, long bytes, String sha256)
      throws DamagedCheckpoint {
    if (bytes != stored.bytes()) {
      throw damaged(name, "has " + bytes + " bytes, not " + stored.bytes());
    }
    if (!sha256.equals(stored.sha256())) {
      throw damaged(name, "has SHA-256 " + sha256 + ", not " + stored.sha256());
    }
  }

  private Manifest.Stored write(String name, FileSystem.Content content) throws IOException {
    MessageDigest digest = Sha256.digest();
    Counting[] counting = new Counting[1];
    files.create(
        folder.resolve(name),
        out -> {
          counting[0] = new Counting(out);
          content.writeTo(new DigestOutputStream(counting[0], digest));
        });
    return new Manifest.Stored(counting[0].written, Sha256.hex(digest));
  }

  private static byte[] stateJson(TrainingState state) {
    Map<String, @Nullable Object> root = new LinkedHashMap<>();
    root.put("v", Manifest.VERSION);
    root.put("iter", state.iter());
    root.put("row", state.position().row());
    root.put("offsets", state.position().offsets());
    root.put("best_validation_loss", state.bestValidationLoss());
    root.put("seed", state.seed());
    return Json.bytes(root);
  }

  private TrainingState state(Manifest manifest, Fields root, TrainingState.Tensors tensors)
      throws DamagedCheckpoint, UnreadableJson {
    refuseNewer(root, STATE);
    if (root.number("iter") != manifest.iter()) {
      throw damaged(STATE, "is of iteration " + root.number("iter") + ", not " + manifest.iter());
    }
    Map<String, Long> offsets = new LinkedHashMap<>();
    Fields listed = root.object("offsets");
    for (String name : listed.members().keySet()) {
      offsets.put(name, listed.number(name));
    }
    return new TrainingState(
        manifest.iter(),
        manifest.configSha256(),
        root.number("seed"),
        new TrainingState.Position(root.number("row"), offsets),
        root.decimalOrNull("best_validation_loss"),
        manifest.numerics(),
        tensors);
  }

  private List<Tensor> tensors(String name, Manifest manifest)
      throws IOException, DamagedCheckpoint {
    try {
      return Safetensors.read(checked(name, manifest));
    } catch (Safetensors.Malformed e) {
      throw damaged(name, String.valueOf(e.getMessage()));
    }
  }

  private byte[] checked(String name, Manifest manifest) throws IOException, DamagedCheckpoint {
    Manifest.Stored stored = stored(name, manifest);
    byte[] content = bytes(name);
    require(name, stored, content.length, Sha256.of(content));
    return content;
  }

  private Manifest.Stored stored(String name, Manifest manifest) throws DamagedCheckpoint {
    Manifest.Stored stored = manifest.files().get(name);
    if (stored == null) {
      throw damaged(MANIFEST, "does not list " + name);
    }
    return stored;
  }

  private byte[] bytes(String name) throws IOException, DamagedCheckpoint {
    try {
      return files.read(folder.resolve(name));
    } catch (IOException e) {
      throw unread(name, e);
    }
  }

  /** A file that is not there is damage; what cannot be read says nothing. */
  private IOException unread(String name, IOException e) throws DamagedCheckpoint {
    if (!IoReason.noFile(folder.resolve(name), e)) {
      return e;
    }
    String hint = name.equals(OPTIMIZER) ? " (an older one is pruned to its weights)" : "";
    throw damaged(name, "is missing" + hint);
  }

  private void refuseNewer(Fields root, String name) throws UnreadableJson {
    long version = root.number("v");
    if (version > Manifest.VERSION) {
      throw new UserError(
          folder.resolve(name).toString(),
          "was written by a newer version of this program (v " + version + ")",
          "Use that version for this run");
    }
  }

  private DamagedCheckpoint damaged(String name, String what) {
    return new DamagedCheckpoint(folder.resolve(name) + " " + what + ".");
  }

  private static final class Counting extends OutputStream {
    private final OutputStream out;
    private long written;

    Counting(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      written++;
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
      out.write(b, off, len);
      written += len;
    }
  }
}
