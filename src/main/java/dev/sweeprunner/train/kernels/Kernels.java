package dev.sweeprunner.train.kernels;

import dev.sweeprunner.train.kernels.Buffer.Activation;
import dev.sweeprunner.train.kernels.Buffer.Floats;
import dev.sweeprunner.train.kernels.Buffer.Precision;
import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Buffer.Total;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operations that a back end offers to the model: all of a transformer's arithmetic in coarse
 * steps over opaque buffers.
 *
 * <p>Shapes: N = rows · length tokens, C features, V vocabulary. {@code rows} is always the number
 * of sequences in use, at most what the buffers hold. Activations are overwritten, gradients of
 * parameters are added to, unless said otherwise.
 *
 * <p>The same calls with the same numbers give the same bits on the same kind of device, however
 * many threads or multiprocessors there are: every output element has one owner and one order of
 * summation.
 *
 * <p>Calls may return before the work is done; an operation sees the results of all calls before
 * it, and those that return numbers wait. One instance and its buffers belong to one thread at a
 * time.
 *
 * <p>Every call may throw {@link DeviceFailure}.
 */
public interface Kernels extends AutoCloseable {
  /** What this back end is. */
  Traits traits();

  /**
   * What a back end is: what bits depend on, and what speed is measured against.
   *
   * @param version of its arithmetic, such as {@code cpu-1}; two checkpoints of equal versions,
   *     devices and formats continue with equal bits
   * @param device kind of the device: {@code cpu}, or a GPU's model
   * @param dtype the format of matrix products: {@code float32} or {@code bfloat16}
   * @param peakFlops floating-point operations per second that the device can do at most in that
   *     format; 0 if unknown
   * @param apart whether it computes apart from the processors of this program's threads
   */
  record Traits(String version, String device, String dtype, double peakFlops, boolean apart) {}

  /** The most sequences of this length that one call should carry; at least 1. */
  int rowsAtOnce(int length);

  /** Bytes of the device's memory that the buffers take. */
  long memory();

  /** A buffer of zeros. */
  Floats floats(int length);

  /** A parameter (rows, columns) that matrix products read; zeros. */
  Floats matrix(int rows, int columns);

  /** A queue for batches of ids. */
  Tokens tokens(int rows, int length, Tokens.Ranges ranges);

  /** A buffer of undefined content. */
  Activation activation(int rows, int length, int features, Precision precision);

  /** A zero. */
  Total total();

  /**
   * Makes the memory of all buffers asked for since the last call, which must not be used before.
   *
   * @throws DeviceFailure of kind TOO_SMALL or FULL if there is not enough; nothing is taken then
   */
  void allocate();

  /** Copies all values. The lengths must agree. */
  void upload(float[] values, Floats to);

  /** Copies (rows · length, features), row-major, into the activation. */
  void upload(float[] values, int rows, Activation to);

  /** A copy of the values. */
  float[] download(Floats from);

  /** A copy, (rows · length, features), row-major. */
  float[] download(int rows, Activation from);

  /** Sets all elements to zero. */
  void zero(Floats buffer);

  /** Sets all elements to zero. */
  void zero(Activation buffer);

  /** to += from, and from becomes zero; of one length. */
  void addAndClear(Floats from, Floats to);

  /** The value so far; it is zero afterwards. Waits for all work before. */
  double take(Total total);

  /**
   * Adds a batch to the queue; waits while two are in it. The arrays may be changed afterwards.
   *
   * @param ids (N) rows of the token table
   * @param targets (N) rows of the head's matrix, or -1
   * @param compartments (N) rows of the compartment table; not read where there is none
   * @param draw what {@link #dropouts} go by
   */
  void put(
      Tokens queue, int rows, int[] ids, int[] targets, int[] compartments, Dropouts.Draw draw);

  /** The same, of a batch that nothing is dropped of. */
  default void put(Tokens queue, int rows, int[] ids, int[] targets, int[] compartments) {
    put(queue, rows, ids, targets, compartments, Dropouts.Draw.NONE);
  }

  /** Makes the oldest batch in the queue the one that operations work on; there must be one. */
  void next(Tokens queue);

  /**
   * The same calls again and again: what they do must depend on nothing but the buffers' contents.
   * A back end may make the calls once, remember them, and only repeat their work from then on.
   *
   * @param calls operations that return nothing, on buffers that have memory
   */
  Runnable program(Runnable calls);

  /** out = tokens[id] + positions[t] + compartments[compartment]. */
  void embed(int rows, Tokens tokens, Tables tables, Activation out);

  /** Adds the gradient of each table row, summed in the order of the tokens. */
  void embedBackward(int rows, Tokens tokens, Activation outGradient, Tables tables);

  /**
   * The tables of the input embedding. A token's vector is the sum of one row of each.
   *
   * @param tokens (input vocabulary, features)
   * @param positions (length, features), or null for none
   * @param compartments (compartments, features), or null for none
   */
  record Tables(
      Trainable tokens, @Nullable Trainable positions, @Nullable Trainable compartments) {}

  /** out = (x − mean) / sqrt(variance + 1e-5) · weight + bias, per token. */
  void layerNorm(int rows, Activation x, Norm norm, Activation out);

  /**
   * The backward pass of {@link #layerNorm}. The input's gradient is ADDED, because the input is
   * the residual stream.
   */
  void layerNormBackward(
      int rows, Activation outGradient, Activation x, Norm norm, Activation xGradient);

  /**
   * A LayerNorm.
   *
   * @param weight (features)
   * @param bias (features), or null for none
   * @param statistics (N, 2): what the forward pass keeps for the backward pass
   */
  record Norm(Trainable weight, @Nullable Trainable bias, Activation statistics) {
    /** Added to the variance under the root. */
    public static final float EPSILON = 1e-5f;
  }

  /** out = x · weightᵀ + bias. */
  void linear(int rows, Activation x, Linear layer, Activation out);

  /** out = x · weightᵀ + bias + addend, a step of the residual stream. */
  void linearAdd(int rows, Activation x, Linear layer, Activation addend, Activation out);

  /**
   * out = gelu(wide) with wide = x · weightᵀ + bias and gelu(a) = a · Φ(a), Φ the exact normal
   * distribution function.
   *
   * @param wide kept for the backward pass
   */
  void linearGelu(int rows, Activation x, Linear layer, Activation wide, Activation out);

  /** The backward pass of {@link #linear}, and of {@link #linearAdd} without the addend's part. */
  void linearBackward(
      int rows, Activation outGradient, Activation x, Linear layer, Activation xGradient);

  /**
   * The backward pass of a {@link #linear} whose input is gelu(wide), down to the gradient of wide.
   *
   * @param x gelu(wide)
   */
  void linearGeluBackward(
      int rows,
      Activation outGradient,
      Activation x,
      Activation wide,
      Linear layer,
      Activation wideGradient);

  /**
   * A linear map.
   *
   * @param weight (out, in), row-major
   * @param bias (out), or null for none
   */
  record Linear(Trainable weight, @Nullable Trainable bias) {}

  /**
   * Rotates the queries and keys in place, feature i of each head with feature i + head size / 2;
   * with {@code backward} by the opposite angle, which turns their gradients back.
   *
   * @param qkv (N, 3C): queries, keys, values
   */
  void rotate(int rows, Activation qkv, int heads, Rotation rotation, boolean backward);

  /**
   * The angles of a rotary position embedding. Computed by the model, so that every back end
   * rotates by the same numbers.
   *
   * @param cos (head size / 2, length), row-major
   * @param sin (head size / 2, length), row-major
   */
  record Rotation(Floats cos, Floats sin) {}

  /** Every head by itself: out = softmax(q · kᵀ / sqrt(head size)) · v. */
  void attention(int rows, Attention attention);

  /** The backward pass of {@link #attention}. */
  void attentionBackward(
      int rows, Activation outGradient, Attention attention, Activation qkvGradient);

  /**
   * Causal attention.
   *
   * @param qkv (N, 3C): queries, keys, values, each cut into heads
   * @param statistics (N, 2 · heads): what the forward pass keeps for the backward pass
   */
  record Attention(Activation qkv, int heads, Activation out, Activation statistics) {}

  /** The operations with dropout. */
  Dropouts dropouts();

  /** The operation of domain-adversarial training. */
  Discriminators discriminators();

  /**
   * The fused head: cross-entropy of softmax(x · weightᵀ) against the targets, without ever holding
   * N · V logits. Queries are the hidden states, keys and values the rows of the matrix, as in
   * flash attention: one pass over the vocabulary gives loss and input gradient, a second one the
   * matrix gradient.
   *
   * @param weight (V, C)
   * @param gradient where gradients go, or null to compute the loss only
   * @param loss added to: the sum of the cross-entropies, in double in the order of the tokens
   */
  void head(
      int rows,
      Activation x,
      Floats weight,
      Tokens tokens,
      @Nullable HeadGradient gradient,
      Total loss);

  /**
   * Where the head's gradients go.
   *
   * @param scale factor on the gradients of the summed loss
   * @param input overwritten with the gradient of the hidden states
   * @param weight added to: the gradient of the head's matrix
   */
  record HeadGradient(float scale, Activation input, Floats weight) {}

  /**
   * One AdamW update of all parameters; the gradients are clipped by their global norm first and
   * are zero afterwards.
   *
   * @param parameters the same list each time
   * @param step 1 for the first update
   * @param norm set to the global norm before clipping; where it is not finite, so are the
   *     parameters
   */
  void update(
      List<Trainable> parameters, AdamW settings, double learningRate, long step, Total norm);

  /** Ends the back end's threads and gives its memory back. */
  @Override
  void close();
}
