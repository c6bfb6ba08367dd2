package dev.sweeprunner.train.checkpoint;

import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.train.model.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a bit-exact continuation needs, at an iteration boundary. Random numbers need no
 * state: they are functions of the seed and a position.
 *
 * @param iter completed updates
 * @param configSha256 of the canonical config
 * @param seed {@code training.seed}
 * @param position where the data stands
 * @param bestValidationLoss the lowest so far, or null before the first evaluation
 * @param numerics what computed it
 * @param tensors parameters and moments
 */
public record TrainingState(
    long iter,
    String configSha256,
    long seed,
    Position position,
    @Nullable Double bestValidationLoss,
    Numerics numerics,
    Tensors tensors)
    implements Snapshot {

  /**
   * Where the data stands.
   *
   * @param row index of the next row
   * @param offsets token stream to the offset of the next row's tokens in it; empty without files
   */
  public record Position(long row, Map<String, Long> offsets) {}

  /**
   * What the bits depend on.
   *
   * @param kernels version of the kernels
   * @param device kind of the device, {@code cpu} or a GPU's model
   * @param dtype the number format that was really used in matrix products
   */
  public record Numerics(String kernels, String device, String dtype) {
    private static final String IMPORTED = "imported";

    /** Of a state that another program has computed, nobody knows how. */
    public static Numerics imported() {
      return new Numerics(IMPORTED, "-", "float32");
    }

    /** Whether another program has computed it. */
    public boolean another() {
      return kernels.equals(IMPORTED);
    }
  }

  /**
   * The numbers themselves.
   *
   * @param weights parameters
   * @param optimizer both moments of each: {@code exp_avg.NAME}, {@code exp_avg_sq.NAME}
   */
  public record Tensors(List<Tensor> weights, List<Tensor> optimizer) {}
}
