package dev.sweeprunner.train.kernels;

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
 */
public interface Kernels extends AutoCloseable {
  /**
   * The kind of device and the version of its arithmetic, such as {@code cpu-1}. Two checkpoints of
   * equal versions continue with equal bits.
   */
  String version();

  /** The most sequences of this length that one call should carry; at least 1. */
  int rowsAtOnce(int length);

  /** Zeroed memory. */
  Floats floats(int length);

  /** Zeroed memory. */
  Ints ints(int length);

  /** Memory of undefined content. */
  Activation activation(int rows, int length, int features);

  /** Copies all values. The lengths must agree. */
  void upload(float[] values, Floats to);

  /** Copies values[from, from + count) to the buffer's beginning. */
  void upload(int[] values, int from, int count, Ints to);

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

  /**
   * out = tokens[id] + positions[t] + compartments[compartment].
   *
   * @param ids (N) rows of the token table
   * @param compartments (N) rows of the compartment table; may be null where that table is
   */
  void embed(int rows, Ints ids, @Nullable Ints compartments, Tables tables, Activation out);

  /** Adds the gradient of each table row, summed in the order of the tokens. */
  void embedBackward(
      int rows, Ints ids, @Nullable Ints compartments, Activation outGradient, Tables gradients);

  /**
   * out = (x − mean) / sqrt(variance + 1e-5) · weight + bias, per token.
   *
   * @param statistics (N, 2): kept for the backward pass
   */
  void layerNorm(int rows, Activation x, Norm norm, Activation out, Activation statistics);

  /**
   * The backward pass of {@link #layerNorm}. The input's gradient is ADDED, because the input is
   * the residual stream.
   */
  void layerNormBackward(
      int rows,
      Activation outGradient,
      Activation x,
      Activation statistics,
      Norm norm,
      Activation xGradient,
      Norm gradients);

  /** out = x · weightᵀ + bias. */
  void linear(int rows, Activation x, Linear layer, Activation out);

  /** The backward pass of {@link #linear}. */
  void linearBackward(
      int rows,
      Activation outGradient,
      Activation x,
      Linear layer,
      Activation xGradient,
      Linear gradients);

  /**
   * Rotates the queries and keys in place, feature i of each head with feature i + head size / 2;
   * with {@code backward} by the opposite angle, which turns their gradients back.
   *
   * @param qkv (N, 3C): queries, keys, values
   */
  void rotate(int rows, Activation qkv, int heads, Rotation rotation, boolean backward);

  /**
   * Causal attention, every head by itself: out = softmax(q · kᵀ / sqrt(head size)) · v.
   *
   * @param qkv (N, 3C): queries, keys, values, each cut into heads
   * @param statistics (N, 2 · heads): kept for the backward pass
   */
  void attention(int rows, Activation qkv, int heads, Activation out, Activation statistics);

  /** The backward pass of {@link #attention}. */
  void attentionBackward(
      int rows,
      Activation outGradient,
      Activation qkv,
      int heads,
      Activation out,
      Activation statistics,
      Activation qkvGradient);

  /** out = x · Φ(x) with the exact normal distribution function Φ. */
  void gelu(int rows, Activation x, Activation out);

  /** The backward pass of {@link #gelu}. {@code xGradient} may be {@code outGradient}. */
  void geluBackward(int rows, Activation outGradient, Activation x, Activation xGradient);

  /** to += addend. */
  void add(int rows, Activation addend, Activation to);

  /**
   * The fused head: cross-entropy of softmax(x · weightᵀ) against the targets, without ever holding
   * N · V logits. Queries are the hidden states, keys and values the rows of the matrix, as in
   * flash attention: one pass over the vocabulary gives loss and input gradient, a second one the
   * matrix gradient.
   *
   * @param weight (V, C)
   * @param targets (N) in [−1, V); −1: this token counts nothing
   * @param gradient where gradients go, or null to compute the loss only
   * @return the sum of the cross-entropies, added in double in the order of the tokens
   */
  double head(int rows, Activation x, Floats weight, Ints targets, @Nullable HeadGradient gradient);

  /**
   * One AdamW update of all parameters; the gradients are clipped by their global norm first and
   * are zero afterwards.
   *
   * @param step 1 for the first update
   * @return the global norm before clipping; where it is not finite, so are the parameters
   */
  double update(List<Trainable> parameters, AdamW settings, double learningRate, long step);

  /** Ends the back end's threads and gives its memory back. */
  @Override
  void close();
}
