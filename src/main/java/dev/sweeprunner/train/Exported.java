package dev.sweeprunner.train;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.run.Checkpoints.DamagedCheckpoint;
import dev.sweeprunner.train.checkpoint.Safetensors;
import dev.sweeprunner.train.checkpoint.TrainingFormat;
import dev.sweeprunner.train.checkpoint.TrainingState;
import dev.sweeprunner.train.model.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint's numbers for other programs: safetensors files in float32 with nanoGPT's names.
 *
 * <p>The same state gives the same bytes. Immutable.
 */
public final class Exported {
  /** The member of a file's metadata that says how many updates its weights have had. */
  static final String ITER = "iter";

  /** nanoGPT's head, which a model of tied weights has not, but nanoGPT's state dictionary has. */
  static final String HEAD = "lm_head.weight";

  /** The matrix that a tied head uses. */
  static final String TOKENS = "transformer.wte.weight";

  /** What stands before a parameter's name for the first of its moments. */
  static final String FIRST_MOMENT = "exp_avg.";

  /** The same for the second. */
  static final String SECOND_MOMENT = "exp_avg_sq.";

  /** The member that says which run it was. */
  static final String CONFIG = "config_sha256";

  private final long iter;
  private final String configSha256;
  private final TrainingState.Tensors tensors;

  private Exported(TrainingState state) {
    this.iter = state.iter();
    this.configSha256 = state.configSha256();
    this.tensors = state.tensors();
  }

  /**
   * A published checkpoint, checked by its sums; empty where a user's program has made it.
   *
   * @throws DamagedCheckpoint if it is not what was published
   */
  public static Optional<Exported> of(TrainingFormat format, Path folder, String manifestSha256)
      throws IOException, DamagedCheckpoint {
    return format.own(folder, manifestSha256).map(Exported::new);
  }

  /** How many numbers are trained. */
  public long parameters() {
    return tensors.weights().stream().mapToLong(tensor -> tensor.values().length).sum();
  }

  /**
   * Makes the files, each fsynced and under its name only once it is whole.
   *
   * @param moments null for none
   * @param token a word that no other process has
   * @throws java.nio.file.FileAlreadyExistsException if one is there
   */
  public void save(FileSystem files, Path weights, @Nullable Path moments, String token)
      throws IOException {
    for (Path file : moments == null ? List.of(weights) : List.of(weights, moments)) {
      if (Files.exists(file)) {
        throw new FileAlreadyExistsException(file.toString());
      }
    }
    if (moments != null) {
      save(files, moments, token, this::writeMoments);
    }
    save(files, weights, token, this::writeWeights);
  }

  private static void save(FileSystem files, Path file, String token, FileSystem.Content content)
      throws IOException {
    Path absolute = file.toAbsolutePath();
    Path under = absolute.resolveSibling(FileSystem.TEMP_PREFIX + token);
    files.create(under, content);
    try {
      files.rename(under, absolute);
    } catch (IOException refused) {
      files.delete(under);
      throw refused;
    }
    Path folder = absolute.getParent();
    if (folder != null) {
      files.syncFolder(folder);
    }
  }

  /** Writes the weights; those of a tied head a second time, as nanoGPT names them. */
  void writeWeights(OutputStream out) throws IOException {
    List<Tensor> weights = new ArrayList<>(tensors.weights());
    if (weights.stream().noneMatch(tensor -> tensor.name().equals(HEAD))) {
      weights.stream()
          .filter(tensor -> tensor.name().equals(TOKENS))
          .findFirst()
          .ifPresent(tied -> weights.add(new Tensor(HEAD, tied.shape(), tied.values())));
    }
    Safetensors.write(out, weights, metadata());
  }

  /** Writes both moments of AdamW: {@code exp_avg.NAME}, {@code exp_avg_sq.NAME}. */
  void writeMoments(OutputStream out) throws IOException {
    Safetensors.write(out, tensors.optimizer(), metadata());
  }

  /** {@code format} is what readers of PyTorch's files look for. */
  private Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt");
    metadata.put(ITER, Long.toString(iter));
    metadata.put(CONFIG, configSha256);
    return metadata;
  }
}
